(** What a reader has to believe: the model of the two programs, and what it means that
    they run right. Nothing here is proved; everything that is proved speaks of this.

    The model is that of [verifier/kernel/src/model]. Values, locations and blocks are
    numbers. Lists that the Rust model reads by index are functions here, which return
    nothing for what does not exist. *)
From Coq Require Import List Arith Bool.
Import ListNotations.

Definition val := nat.   (* an SSA value of before *)
Definition loc := nat.   (* a location of after *)
Definition blk := nat.   (* a block, of either *)
Definition inst := nat.  (* an instance: what one execution of one definition made *)

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
  { a_mirrors : option blk;           (* [None]: a landing block, on an edge of before *)
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

  (** * Executions *)

  (** [refs] decides [reference]; see [references_decided] in [Sound.v]. *)
  Variable refs : val -> bool.

  (** Null is one instance, whoever makes it, and no reference. *)
  Definition null : inst := 0.

  (** Both programs' memory. [holds s l i]: location [l] holds a fresh copy of instance
      [i]. A stale copy is none. *)
  Record state := State
    { next : inst;                    (* the first instance that does not exist *)
      name : val -> option inst;      (* what a value means *)
      holds : loc -> inst -> bool;
      isref : inst -> bool }.

  Definition set_holds h (s : state) := State (next s) (name s) h (isref s).

  (** What is written is in this location, and in none that shares bytes with it. *)
  Definition write (at_ : loc) (c : inst -> bool) (h : loc -> inst -> bool) :=
    fun l i => if l =? at_ then c i else if overl at_ l then false else h l i.

  (** A definition makes a new instance, in one location alone. *)
  Definition define (r : bool) (v : val) (at_ : loc) (s : state) : state :=
    State (S (next s))
      (fun w => if w =? v then Some (next s) else name s w)
      (write at_ (fun i => i =? next s) (holds s))
      (fun i => if i =? next s then r else isref s i).

  Definition write_null (at_ : loc) (s : state) : state :=
    set_holds (write at_ (fun i => i =? null) (holds s)) s.
  Definition define_null (v : val) (at_ : loc) (s : state) : state :=
    State (next s) (fun w => if w =? v then Some null else name s w)
      (write at_ (fun i => i =? null) (holds s)) (isref s).

  (** The collector runs: it updates (so: writes) its roots; every other copy of a
      reference goes stale, unless objects do not move and some root has it too. *)
  Definition collect (roots : list loc) (s : state) : state :=
    State (next s) (name s)
      (fun l i => holds s l i &&
         (memb l roots ||
          ((negb (isref s i) || (negb (moving M) && existsb (fun r => holds s r i) roots))
           && negb (existsb (fun r => overl r l) roots))))
      (isref s).

  Definition uses_of (o : option op) := match o with Some o => o_uses o | None => [] end.
  Definition defs_of (o : option op) := match o with Some o => o_defs o | None => [] end.
  Definition makes_null (o : option op) : bool :=
    match o with Some o => match o_kind o with Null => true | _ => false end | None => false end.

  Definition do_action (o : option op) (s : state) (a : action) : state :=
    match a with
    | Use _ _ => s
    | Define n at_ =>
        match nth_error (defs_of o) n with
        | Some v => if makes_null o then define_null v at_ s else define (refs v) v at_ s
        | None => s
        end
    | Move f t => set_holds (write t (holds s f) (holds s)) s
    | MakeNull at_ => write_null at_ s
    | Clobber at_ => set_holds (write at_ (fun _ => false) (holds s)) s
    | Collect roots => collect roots s
    end.

  Definition do_actions o acts s := fold_left (do_action o) acts s.

  (** Nothing goes wrong: what is read is what the value meant when the operation began
      ([meant]), and each root is a reference or null. *)
  Definition good_action (meant : val -> option inst) (o : option op) (s : state) (a : action)
    : Prop :=
    well_placed (match o with None => true | Some _ => false end) a = true /\
    match a with
    | Use n at_ => exists v i, nth_error (uses_of o) n = Some v /\ meant v = Some i /\
                               holds s at_ i = true
    | Define n at_ => exists v, nth_error (defs_of o) n = Some v
    | Move _ _ | MakeNull _ | Clobber _ => True
    | Collect roots =>
        forall r, In r roots -> exists i, holds s r i = true /\ (isref s i = true \/ i = null)
    end.

  Fixpoint good_actions meant o acts s : Prop :=
    match acts with
    | [] => True
    | a :: r => good_action meant o s a /\ good_actions meant o r (do_action o s a)
    end.

  (** The instruction reads each operand, writes each result once, lets the collector run
      exactly if its operation does, and moves nothing behind that. *)
  Definition reads n acts := existsb (fun a => match a with Use m _ => m =? n | _ => false end) acts.
  Definition writes n acts :=
    length (filter (fun a => match a with Define m _ => m =? n | _ => false end) acts).
  Definition collections acts :=
    length (filter (fun a => match a with Collect _ => true | _ => false end) acts).
  Definition runs (o : option op) :=
    match o with Some o => match o_kind o with Safepoint => 1 | _ => 0 end | None => 0 end.
  (** Nothing is moved behind a collection in its own instruction. *)
  Fixpoint moves_first acts : bool :=
    match acts with
    | [] => true
    | Collect _ :: r =>
        negb (existsb (fun a => match a with Move _ _ | MakeNull _ => true | _ => false end) r)
        && moves_first r
    | _ :: r => moves_first r
    end.
  Definition performed (o : option op) acts : bool :=
    moves_first acts &&
    forallb (fun n => reads n acts) (seq 0 (length (uses_of o))) &&
    forallb (fun n => writes n acts =? 1) (seq 0 (length (defs_of o))) &&
    (collections acts =? runs o).

  Fixpoint do_block (ops : list op) (is : list instr) (s : state) : state :=
    match is with
    | [] => s
    | i :: r =>
        if i_performs i then
          match ops with
          | o :: ops' => do_block ops' r (do_actions (Some o) (i_actions i) s)
          | [] => s
          end
        else do_block ops r (do_actions None (i_actions i) s)
    end.

  (** All operations are performed, in order, and nothing goes wrong. *)
  Fixpoint good_block (ops : list op) (is : list instr) (s : state) : Prop :=
    match is with
    | [] => ops = []
    | i :: r =>
        if i_performs i then
          match ops with
          | o :: ops' =>
              performed (Some o) (i_actions i) = true /\
              good_actions (name s) (Some o) (i_actions i) s /\
              good_block ops' r (do_actions (Some o) (i_actions i) s)
          | [] => False
          end
        else
          performed None (i_actions i) = true /\
          good_actions (name s) None (i_actions i) s /\
          good_block ops r (do_actions None (i_actions i) s)
    end.

  (** ** Edges *)

  Fixpoint assign (ps : list (loc * (inst -> bool))) h :=
    match ps with [] => h | (p, c) :: r => assign r (write p c h) end.

  (** A parameter means what its argument means. A declared one that receives something
      that is neither a reference nor null makes a reference of it: a new instance, of which
      every fresh copy of what it received is a copy. *)
  Definition bind1 (p : val) (m : option inst) (s : state) : state :=
    let named i := fun w => if w =? p then i else name s w in
    match m with
    | Some i =>
        if is_declared p && negb (isref s i) && negb (i =? null) then
          State (S (next s)) (named (Some (next s)))
            (fun l k => if k =? next s then holds s l i else holds s l k)
            (fun k => if k =? next s then true else isref s k)
        else State (next s) (named (Some i)) (holds s) (isref s)
    | None => State (next s) (named None) (holds s) (isref s)
    end.
  Fixpoint bind (ps : list (val * option inst)) (s : state) : state :=
    match ps with [] => s | (p, m) :: r => bind r (bind1 p m s) end.

  Definition ops_of (m : option blk) : list op :=
    match m with
    | Some m => match bblock_at m with Some bb => b_ops bb | None => [] end
    | None => []
    end.

  (** The edge of before that edge [k] out of the after block is on. *)
  Definition taken (ab : ablock) (pending : option (blk * nat)) (k : nat) :=
    match a_mirrors ab with Some m => Some (m, k) | None => pending end.

  (** After assigns all its parameters at once, and so does before, once it gets there. *)
  Definition do_edge (tk : option (blk * nat)) (at_ : ablock) (args : list loc) (s : state)
    : state :=
    let s1 := set_holds (assign (combine (a_params at_) (List.map (holds s) args)) (holds s)) s in
    match a_mirrors at_, tk with
    | Some m', Some (m, k) =>
        match bblock_at m', bedge m k with
        | Some bt, Some (_, vs) => bind (combine (b_params bt) (List.map (name s) vs)) s1
        | _, _ => s1
        end
    | _, _ => s1
    end.

  (** The function is entered: its parameters are defined. *)
  Fixpoint define_params (ps : list (val * loc)) (s : state) : state :=
    match ps with
    | [] => s
    | (v, at_) :: r => define_params r (define (is_declared v) v at_ s)
    end.
  Definition nothing : state :=
    State (S null) (fun _ => None) (fun _ _ => false) (fun _ => false).
  Definition start : state :=
    match ablock_at 0, bblock_at 0 with
    | Some ab, Some bb => define_params (combine (b_params bb) (a_params ab)) nothing
    | _, _ => nothing
    end.

  (** Some path, of whatever length, enters this block of after in this state; in a landing
      block before is about to take the edge [pending]. *)
  Inductive reach : blk -> option (blk * nat) -> state -> Prop :=
  | reach_start : reach 0 None start
  | reach_edge b pending s ab k t args at_ :
      reach b pending s ->
      ablock_at b = Some ab ->
      nth_error (a_edges ab) k = Some (t, args) ->
      ablock_at t = Some at_ ->
      let s' := do_block (ops_of (a_mirrors ab)) (a_instrs ab) s in
      let tk := taken ab pending k in
      reach t (match a_mirrors at_ with Some _ => None | None => tk end)
            (do_edge tk at_ args s').

  (** * What is right *)

  (** The edge leads where before goes, or to a landing block on the way there, and passes
      as much as is expected, from places for values. *)
  Definition good_edge (tk : option (blk * nat)) (t : blk) (args : list loc) : Prop :=
    exists m k t' vs at_,
      tk = Some (m, k) /\ bedge m k = Some (t', vs) /\ ablock_at t = Some at_ /\
      length args = length (a_params at_) /\ forallb inside args = true /\
      match a_mirrors at_ with
      | Some m' => m' = t' /\ exists bt, bblock_at t' = Some bt /\ length vs = length (b_params bt)
      | None => True
      end.

  (** No two locations are one place; both functions are entered, with as many parameters,
      in places for values. *)
  Definition good_start : Prop :=
    distinct /\
    exists ab bb, ablock_at 0 = Some ab /\ bblock_at 0 = Some bb /\ a_mirrors ab = Some 0 /\
      length (b_params bb) = length (a_params ab) /\ forallb inside (a_params ab) = true.

  (** Landing blocks end: no path stays among them. *)
  Inductive ends : blk -> Prop :=
  | ends_intro b :
      (forall ab k t args at_,
         ablock_at b = Some ab -> a_mirrors ab = None -> nth_error (a_edges ab) k = Some (t, args) ->
         ablock_at t = Some at_ -> a_mirrors at_ = None -> ends t) -> ends b.

  (** Where an execution is, before is in step; nothing goes wrong in this block; it ends as
      before does; and whatever edge is taken, both programs take it. *)
  Definition good_config (b : blk) (pending : option (blk * nat)) (s : state) : Prop :=
    exists ab, ablock_at b = Some ab /\ a_ends ab = true /\
      match a_mirrors ab, pending with
      | Some m, None =>
          exists bb, bblock_at m = Some bb /\ b_ends bb = true /\
                     length (a_edges ab) = length (b_edges bb) /\
                     good_block (b_ops bb) (a_instrs ab) s
      | None, Some (m, k) =>
          length (a_edges ab) = 1 /\ good_block [] (a_instrs ab) s
      | _, _ => False
      end /\
      forall k t args, nth_error (a_edges ab) k = Some (t, args) ->
                       good_edge (taken ab pending k) t args.
End Semantics.
