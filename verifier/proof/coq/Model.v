(** What a reader has to believe, first part: the two programs as they are written. What each
    does when it is run is in Machines.v. Nothing here is proved.

    The model is that of [verifier/kernel/src/model]. Values, locations and blocks are
    numbers. Lists that the Rust model reads by index are functions here, which return
    nothing for what does not exist. *)
From Coq Require Import List Arith Bool.
Import ListNotations.

Definition val := nat.   (* an SSA value of before *)
Definition loc := nat.   (* a location of after *)
Definition blk := nat.   (* a block, of either *)

(** * The two programs *)

(** ** Before *)

Inductive kind :=
| Plain
| Forwards (first : nat)   (* the result is one of the operands from this one on *)
| Safepoint                (* the collector may run *)
| Null.                    (* the results are null *)
Record op := Op { o_kind : kind; o_uses : list val; o_defs : list val }.
Record bblock := BBlock
  { b_params : list val;
    b_ops : list op;
    b_ends : bool;                    (* it says how control leaves it *)
    b_edges : list (blk * list val) }.

(** ** After *)

Inductive action :=
| Use (n : nat) (at_ : loc)      (* reads operand [n] *)
| Define (n : nat) (at_ : loc)   (* writes result [n] *)
| Move (from to : loc)
| MakeNull (at_ : loc)
| Clobber (at_ : loc)
| Collect (roots : list loc).
(** An instruction performs the next operation of its block, or is the spiller's own. *)
Record instr := Instr { i_performs : bool; i_actions : list action }.
Record ablock := ABlock
  { a_counterpart : option blk;           (* [None]: a split-edge block, on an edge of before *)
    a_params : list loc;
    a_instrs : list instr;
    a_ends : bool;
    a_edges : list (blk * list loc) }.

Record cell := Cell { c_slot : nat; c_off : nat; c_size : nat }.
Record slot := Slot { s_size : nat; s_program : bool; s_escapes : bool }.
(** A location is bytes of a slot, or an SSA value or a register, of this name. *)
Inductive place := Bytes (c : cell) | Named (n : nat).

Record model := Model
  { before : blk -> option bblock;
    blocks : nat;                     (* how many blocks before has *)
    after : blk -> option ablock;
    places : loc -> option place;
    locations : nat;                  (* how many locations there are *)
    slots : nat -> option slot;
    declared : list val;
    moving : bool }.                  (* the collector moves objects *)

Definition memb (x : nat) (l : list nat) : bool := existsb (Nat.eqb x) l.

Section Semantics.
  Variable M : model.

  Definition bblock_at (m : blk) : option bblock := if m <? blocks M then before M m else None.
  Definition ablock_at (b : blk) : option ablock := after M b.
  Definition place_at (l : loc) : option place := if l <? locations M then places M l else None.
  Definition bedge (m : blk) (k : nat) : option (blk * list val) :=
    match bblock_at m with Some bb => nth_error (b_edges bb) k | None => None end.

  (** * Where values may be *)

  Definition cell_of (l : loc) : option cell :=
    match place_at l with Some (Bytes c) => Some c | _ => None end.
  Definition slot_of (l : loc) : option slot :=
    match cell_of l with Some c => slots M (c_slot c) | None => None end.

  (** Two different locations share a byte. *)
  Definition overl (l l' : loc) : bool :=
    negb (l =? l') &&
    match cell_of l, cell_of l' with
    | Some c, Some d =>
        (c_slot c =? c_slot d) && (c_off c <? c_off d + c_size d)
        && (c_off d <? c_off c + c_size c)
    | _, _ => false
    end.

  (** No two locations are one value or register. *)
  Definition distinct : Prop :=
    forall l l' n, place_at l = Some (Named n) -> place_at l' = Some (Named n) -> l = l'.

  Definition exists_ (l : loc) : bool := match place_at l with Some _ => true | None => false end.
  (** It exists, with all its bytes in a slot. *)
  Definition within (l : loc) : bool :=
    match place_at l with
    | None => false
    | Some (Named _) => true
    | Some (Bytes c) =>
        match slots M (c_slot c) with
        | None => false
        | Some s => (0 <? c_size c) && (c_off c + c_size c <=? s_size s)
        end
    end.
  (** And nobody else can know the slot's address. *)
  Definition inside (l : loc) : bool :=
    within l && match slot_of l with Some s => negb (s_escapes s) | None => true end.
  Definition writable (l : loc) : bool :=
    match slot_of l with Some s => negb (s_program s) | None => true end.

  (** What an action may touch; [own]: its instruction is the spiller's. *)
  Definition well_placed (own : bool) (a : action) : bool :=
    match a with
    | Use _ l | Define _ l => inside l
    | Move f t => inside f && inside t && (negb own || writable t)
    | MakeNull l => inside l && (negb own || writable l)
    | Clobber l => if own then within l && writable l else exists_ l
    | Collect roots =>
        forallb (fun r => inside r && forallb (fun r' => negb (overl r r')) roots) roots
    end.

  (** All that a block touches is where it may be. *)
  Definition places_good (ab : ablock) : Prop :=
    (forall i a, In i (a_instrs ab) -> In a (i_actions i) ->
                 well_placed (negb (i_performs i)) a = true) /\
    (forall t args, In (t, args) (a_edges ab) -> forallb inside args = true).

  (** * What is a reference *)

  Definition null_constants : list val :=
    flat_map (fun m => match bblock_at m with
                       | Some bb => flat_map (fun o => match o_kind o with
                                                       | Null => o_defs o | _ => [] end) (b_ops bb)
                       | None => [] end) (seq 0 (blocks M)).
  (** It is declared, and no null constant. *)
  Definition is_declared (v : val) : bool := memb v (declared M) && negb (memb v null_constants).

  Definition forwarded (o : op) : list val :=
    match o_kind o with Forwards first => skipn first (o_uses o) | _ => [] end.

  (** Blocks of before that some path reaches. *)
  Inductive breach : blk -> Prop :=
  | breach_entry : breach 0
  | breach_edge m k t vs : breach m -> bedge m k = Some (t, vs) -> breach t.

  (** Declared, or receives a reference on some path. *)
  Inductive reference : val -> Prop :=
  | ref_declared v : is_declared v = true -> reference v
  | ref_edge m k t vs bt a p :
      breach m -> bedge m k = Some (t, vs) -> bblock_at t = Some bt ->
      In (p, a) (combine (b_params bt) vs) -> reference a -> reference p
  | ref_forward m bb o a d :
      breach m -> bblock_at m = Some bb -> In o (b_ops bb) ->
      In a (forwarded o) -> In d (o_defs o) -> reference a -> reference d.

  Definition ops_of (m : option blk) : list op :=
    match m with
    | Some m => match bblock_at m with Some bb => b_ops bb | None => [] end
    | None => []
    end.
End Semantics.
