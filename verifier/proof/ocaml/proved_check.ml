(* Reads functions and certificates, see docs/certificates.md, has the proved checker decide
   on each certificate, and compares that with what the file says of it. Exit status: 0 if
   all are as it says, 1 if not, 2 if the file cannot be read. *)
open Checker

exception Malformed of string

(* What is read, the latest first. *)
type reading = {
  mutable is_moving : bool;
  mutable is_declared : int list;
  mutable slot_list : slot list;
  mutable place_list : place list;
  mutable before_list : bblock list;
  mutable after_list : ablock list;
  mutable references : (int * bool) list;
  mutable entries : entry list;
}

let empty_reading () =
  { is_moving = true; is_declared = []; slot_list = []; place_list = []; before_list = [];
    after_list = []; references = []; entries = [] }

(* The latest of a list is replaced by what a function makes of it. *)
let change what f = function
  | [] -> raise (Malformed ("nothing before this " ^ what))
  | x :: rest -> f x :: rest

let number text =
  match int_of_string_opt text with
  | Some n when n >= 0 -> n
  | Some _ | None -> raise (Malformed ("no number: " ^ text))

let add_action r action =
  let in_instruction i = { i with i_actions = action :: i.i_actions } in
  let in_block b = { b with a_instrs = change "action" in_instruction b.a_instrs } in
  r.after_list <- change "action" in_block r.after_list

let add_instruction r i_performs =
  let in_block b = { b with a_instrs = { i_performs; i_actions = [] } :: b.a_instrs } in
  r.after_list <- change "instruction" in_block r.after_list

let add_edge r edge =
  if r.after_list = [] then
    r.before_list <- change "edge" (fun b -> { b with b_edges = edge :: b.b_edges }) r.before_list
  else
    r.after_list <- change "edge" (fun b -> { b with a_edges = edge :: b.a_edges }) r.after_list

let add_end r =
  if r.after_list = [] then
    r.before_list <- change "end" (fun b -> { b with b_ends = true }) r.before_list
  else r.after_list <- change "end" (fun b -> { b with a_ends = true }) r.after_list

let add_operation r kind uses =
  let o_kind =
    match String.split_on_char '-' kind with
    | [ "plain" ] -> Plain
    | [ "safepoint" ] -> Safepoint
    | [ "null" ] -> Null
    | [ "forwards"; "from"; first ] -> Forwards (number first)
    | _ -> raise (Malformed ("no kind of operation: " ^ kind)) in
  let operation = { o_kind; o_uses = uses; o_defs = [] } in
  r.before_list <-
    change "operation" (fun b -> { b with b_ops = operation :: b.b_ops }) r.before_list

let add_definitions r o_defs =
  let in_block b = { b with b_ops = change "definition" (fun o -> { o with o_defs }) b.b_ops } in
  r.before_list <- change "definition" in_block r.before_list

let add_block r a_counterpart a_params =
  r.after_list <-
    { a_counterpart; a_params; a_instrs = []; a_ends = false; a_edges = [] } :: r.after_list

let flag yes no text =
  if text = yes then true
  else if text = no then false
  else raise (Malformed ("neither " ^ yes ^ " nor " ^ no ^ ": " ^ text))

let otherwise = function
  | "or-nothing" -> Nothing
  | "or-null" -> OrNull
  | "or-reference" -> OrReference
  | other -> raise (Malformed ("no kind of fact: " ^ other))

let in_entry r what f = r.entries <- change what f r.entries

(* One line that says a part of a function or certificate. *)
let read r words =
  let numbers = List.map number in
  match words with
  | "declared" :: values -> r.is_declared <- numbers values
  | [ "slot"; owner; known; size ] ->
      let s_program = flag "program" "spiller" owner in
      let s_escapes = flag "escapes" "known" known in
      r.slot_list <- { s_size = number size; s_program; s_escapes } :: r.slot_list
  | [ "cell"; slot; offset; size ] ->
      let cell = { c_slot = number slot; c_off = number offset; c_size = number size } in
      r.place_list <- Bytes cell :: r.place_list
  | [ "place"; name ] -> r.place_list <- Named (number name) :: r.place_list
  | "before" :: params ->
      let block = { b_params = numbers params; b_ops = []; b_ends = false; b_edges = [] } in
      r.before_list <- block :: r.before_list
  | "operation" :: kind :: uses -> add_operation r kind (numbers uses)
  | "defines" :: values -> add_definitions r (numbers values)
  | "after" :: mirrored :: params -> add_block r (Some (number mirrored)) (numbers params)
  | "split-edge" :: params -> add_block r None (numbers params)
  | [ "performs" ] -> add_instruction r true
  | [ "inserted" ] -> add_instruction r false
  | [ "use"; operand; at ] -> add_action r (Use (number operand, number at))
  | [ "define"; result; at ] -> add_action r (Define (number result, number at))
  | [ "move"; source; target ] -> add_action r (Move (number source, number target))
  | [ "null"; at ] -> add_action r (MakeNull (number at))
  | [ "clobber"; at ] -> add_action r (Clobber (number at))
  | "collect" :: roots -> add_action r (Collect (numbers roots))
  | "edge" :: target :: arguments -> add_edge r (number target, numbers arguments)
  | [ "ends" ] -> add_end r
  | [ "certificate" ] ->
      r.references <- [];
      r.entries <- []
  | [ "reference"; always; value ] ->
      r.references <- (number value, flag "always" "sometimes" always) :: r.references
  | [ "entry"; block ] ->
      let entry = { e_block = number block; e_pending = None; e_nulls = []; e_claims = [] } in
      r.entries <- entry :: r.entries
  | [ "pending"; block; edge ] ->
      let pending = Some (number block, number edge) in
      in_entry r "pending edge" (fun e -> { e with e_pending = pending })
  | [ "means-null"; value ] ->
      in_entry r "null" (fun e -> { e with e_nulls = number value :: e.e_nulls })
  | "claim" :: at :: other :: values ->
      let claim = (number at, { f_vals = numbers values; f_else = otherwise other }) in
      in_entry r "claim" (fun e -> { e with e_claims = claim :: e.e_claims })
  | _ -> raise (Malformed ("no such line: " ^ String.concat " " words))

(* A list that was read backwards, by index. *)
let by_index list =
  let items = Array.of_list (List.rev list) in
  fun i -> if i >= 0 && i < Array.length items then Some items.(i) else None

let model r =
  let before_block b = { b with b_ops = List.rev b.b_ops; b_edges = List.rev b.b_edges } in
  let instruction i = { i with i_actions = List.rev i.i_actions } in
  let after_block b =
    { b with a_instrs = List.rev_map instruction b.a_instrs; a_edges = List.rev b.a_edges } in
  { before = by_index (List.map before_block r.before_list);
    blocks = List.length r.before_list;
    after = by_index (List.map after_block r.after_list);
    places = by_index r.place_list;
    locations = List.length r.place_list;
    slots = by_index r.slot_list;
    declared = r.is_declared;
    moving = r.is_moving }

let certificate r =
  let entry e = { e with e_nulls = List.rev e.e_nulls; e_claims = List.rev e.e_claims } in
  { c_refs = List.rev r.references; c_blocks = List.rev_map entry r.entries }

let functions = ref 0 and accepted = ref 0 and rejected = ref 0 and different = ref 0

(* Reads a file, and decides on each certificate in it. *)
let check_file channel =
  let reading = ref (empty_reading ()) and built = ref None and name = ref "" in
  let decide says =
    let model =
      match !built with
      | Some model -> model
      | None ->
          let model = model !reading in
          built := Some model;
          model in
    let proved = check model (certificate !reading) in
    incr (if proved then accepted else rejected);
    if proved <> says then begin
      incr different;
      let word b = if b then "accepts" else "rejects" in
      Printf.printf "%s: check.rs %s a certificate that the proved checker %s\n" !name (word says)
        (word proved)
    end in
  let line_number = ref 1 in
  try
    if input_line channel <> "stackmap-certificates 1" then
      raise (Malformed "not certificates of version 1");
    (try
       while true do
         let line = input_line channel in
         incr line_number;
         match String.split_on_char ' ' line with
         | "function" :: collector :: words ->
             incr functions;
             name := String.concat " " words;
             built := None;
             reading := empty_reading ();
             !reading.is_moving <- flag "moving" "non-moving" collector
         | [ "accepted" ] -> decide true
         | [ "rejected" ] -> decide false
         | words -> read !reading words
       done
     with End_of_file -> ())
  with
  | Malformed why -> raise (Malformed (Printf.sprintf "line %d: %s" !line_number why))
  | End_of_file -> raise (Malformed "an empty file")

let () =
  let files = List.tl (Array.to_list Sys.argv) in
  try
    if files = [] then check_file stdin;
    let check_named file =
      let channel = open_in file in
      Fun.protect ~finally:(fun () -> close_in channel) (fun () -> check_file channel) in
    List.iter check_named files;
    Printf.printf "%d functions: %d certificates accepted, %d rejected; %d otherwise by check.rs\n"
      !functions !accepted !rejected !different;
    if !accepted + !rejected = 0 then raise (Malformed "no certificate");
    if !different > 0 then exit 1
  with
  | Malformed why | Sys_error why ->
      prerr_endline why;
      exit 2
  | Stack_overflow ->
      prerr_endline "the stack is too small for a function: see ulimit -s";
      exit 2
