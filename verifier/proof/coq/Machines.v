(** What a reader has to believe, second part: two machines, which share nothing. One runs
    *before*, whose values have names; the other runs *after*, whose values are in locations.
    Each says what an onlooker sees of it, and the theorems of [Sound.v] are that the
    onlooker sees the same. Nothing here is proved. *)
From Coq Require Import List Arith Bool.
Import ListNotations.
From SM Require Import Model.

(** * Words, and who makes them *)

(** What fits a register. The address of an object is one, and null is one. *)
Definition word := nat.
Definition null : word := 0.

(** What no program decides. A moment is the number of events seen so far. What an operation
    returns depends on what it reads and on all that happened before, and so does which edge is
    taken; but two programs of which the same was seen until some moment get the same answer at
    that moment. So one list of answers does for both, and each theorem is about every list. *)
Record world := World
  { given : nat -> word;           (* the arguments that the caller passes *)
    made : nat -> nat -> word;     (* the results of the operation at this moment *)
    moved : nat -> word -> word;   (* where the collector moves the object at this address *)
    chosen : nat -> nat }.         (* which edge is taken; if there is none such, the function
                                      returns or traps *)

(** No object is at null. *)
Definition move (W : world) (t : nat) (w : word) : word := if w =? null then null else moved W t w.
Definition result (W : world) (t : nat) (k : kind) (n : nat) : word :=
  match k with Null => null | Plain | Forwards _ | Safepoint => made W t n end.
Definition collects (k : kind) : bool :=
  match k with Safepoint => true | Plain | Forwards _ | Null => false end.

Section Machines.
  Variable M : model.
  (** Decides [reference]. There is such a function: [references_decided] in [Sound.v]. *)
  Variable refs : val -> bool.
  Variable W : world.

  (** * Before: an ideal machine, on which each reference follows its object *)

  Record b_state := BState
    { env : val -> option word;        (* what each value is, if it is defined *)
      is_ref : val -> bool;            (* whether that is a reference: the same value may be one
                                          on one path, and a number on another *)
      objects : list word }.           (* where all references ever made now are *)

  (** Blocks and operations are numbered from 0. *)
  Inductive b_event :=
  | Did (m j : nat)                    (* operation [j] of block [m] was done, *)
        (early late : list (option word))  (* on these operands; and what they are once the *)
        (at_run : option b_state)      (* collector has run, if it does; and all there was then *)
  | Left (m k : nat).                  (* block [m] was left by edge [k] *)

  Definition bind1 (is_reference : bool) (v : val) (w : option word) (s : b_state) : b_state :=
    BState (fun x => if x =? v then w else env s x)
           (fun x => if x =? v then is_reference else is_ref s x)
           (match w with
            | Some w => if is_reference then w :: objects s else objects s
            | None => objects s end).

  (** Every object moves, and each reference with it. A number stays what it is, though there be
      an object of that address. *)
  Definition b_collect (t : nat) (s : b_state) : b_state :=
    BState (fun v => if is_ref s v then option_map (move W t) (env s v) else env s v)
           (is_ref s)
           (List.map (move W t) (objects s)).

  (** A result is a reference on all paths if it is one on some. *)
  Definition makes (k : kind) (v : val) : bool := match k with Null => false | _ => refs v end.
  Fixpoint b_define t k n (defs : list val) s : b_state :=
    match defs with
    | [] => s
    | v :: r => b_define t k (S n) r (bind1 (makes k v) v (Some (result W t k n)) s)
    end.

  Definition b_run_collector t k s := if collects k then b_collect t s else s.
  Definition b_do t (o : op) s : b_state :=
    b_define t (o_kind o) 0 (o_defs o) (b_run_collector t (o_kind o) s).
  Definition b_did t m j (o : op) s : b_event :=
    Did m j (List.map (env s) (o_uses o))
        (List.map (env (b_run_collector t (o_kind o) s)) (o_uses o))
        (if collects (o_kind o) then Some s else None).

  Fixpoint b_ops_do t ops s : b_state :=
    match ops with [] => s | o :: r => b_ops_do (S t) r (b_do t o s) end.
  Fixpoint b_ops_did t m j ops s : list b_event :=
    match ops with
    | [] => []
    | o :: r => b_did t m j o s :: b_ops_did (S t) m (S j) r (b_do t o s)
    end.

  (** The parameters are bound at once. A parameter is a reference if what is passed is one; a
      declared one makes a reference of what is passed. *)
  Fixpoint bind (ps : list (val * (option word * bool))) (s : b_state) : b_state :=
    match ps with
    | [] => s
    | (p, (w, is_reference)) :: r => bind r (bind1 (is_declared M p || is_reference) p w s)
    end.
  Definition meant (s : b_state) (v : val) : option word * bool := (env s v, is_ref s v).

  Inductive b_conf :=
  | BAt (m : blk) (s : b_state)               (* at the start of a block *)
  | BGoing (m : blk) (k : nat) (s : b_state)  (* on an edge *)
  | BDone                                     (* the function has returned or trapped *)
  | BStuck.                                   (* no such block, or it does not say how it ends *)

  Definition b_next (t : nat) (c : b_conf) : b_conf :=
    match c with
    | BAt m s =>
        match bblock_at M m with
        | Some bb =>
            if b_ends bb then
              let k := chosen W (t + length (b_ops bb)) in
              if k <? length (b_edges bb) then BGoing m k (b_ops_do t (b_ops bb) s) else BDone
            else BStuck
        | None => BStuck
        end
    | BGoing m k s =>
        match bedge M m k with
        | Some (t', vs) =>
            match bblock_at M t' with
            | Some bt => if length vs =? length (b_params bt)
                         then BAt t' (bind (combine (b_params bt) (List.map (meant s) vs)) s)
                         else BStuck
            | None => BStuck
            end
        | None => BStuck
        end
    | BDone => BDone
    | BStuck => BStuck
    end.
  Definition b_said (t : nat) (c : b_conf) : list b_event :=
    match c with
    | BAt m s =>
        match bblock_at M m with
        | Some bb => b_ops_did t m 0 (b_ops bb) s ++ [Left m (chosen W (t + length (b_ops bb)))]
        | None => []
        end
    | BGoing _ _ _ | BDone | BStuck => []
    end.

  Fixpoint b_enter (n : nat) (params : list val) (s : b_state) : b_state :=
    match params with
    | [] => s
    | v :: r => b_enter (S n) r (bind1 (is_declared M v) v (Some (given W n)) s)
    end.
  Definition b_start : b_conf :=
    match bblock_at M 0 with
    | Some bb => BAt 0 (b_enter 0 (b_params bb) (BState (fun _ => None) (fun _ => false) []))
    | None => BStuck
    end.

  (** Where the machine is after [n] steps, and all that was seen of it. *)
  Fixpoint b_run (n : nat) : b_conf * list b_event :=
    match n with
    | 0 => (b_start, [])
    | S n => let '(c, seen) := b_run n in
             (b_next (length seen) c, seen ++ b_said (length seen) c)
    end.

  (** * After: a machine with registers and slots, and a collector that knows its roots *)

  Inductive a_event :=
  | ADid (m j : nat)
         (reads : list (nat * bool * option word))  (* operand, behind the collector?, word *)
         (ran : list (list (option word * option word)))  (* for each run of the collector and
                                              each root: what it found, and what it left there *)
  | ALeft (m k : nat)
  | AStray.      (* an instruction that is no operation did what only operations do *)

  (** What each location holds; nothing, if its bytes are not what was last written there as
      a whole. *)
  Definition memory := loc -> option word.

  Definition write (at_ : loc) (w : option word) (h : memory) : memory :=
    fun l => if l =? at_ then w else if overl M at_ l then None else h l.

  (** The collector updates its roots, and knows of nothing else. *)
  Definition a_collect (t : nat) (roots : list loc) (h : memory) : memory :=
    fun l => if memb l roots then option_map (move W t) (h l)
             else if existsb (fun r => overl M r l) roots then None else h l.

  Record doing := Doing
    { mem : memory;
      reads : list (nat * bool * option word);
      ran : list (list (option word * option word)) }.
  Definition set_mem (h : memory) (d : doing) : doing := Doing h (reads d) (ran d).

  (** [k]: what operation the instruction performs, if any. Of an operation it knows what it
      does (its opcode), and not what its operands and results are called. *)
  Definition a_act (t : nat) (k : option kind) (d : doing) (a : action) : doing :=
    match a with
    | Use n at_ =>
        let late := match ran d with [] => false | _ => true end in
        Doing (mem d) ((n, late, mem d at_) :: reads d) (ran d)
    | Define n at_ => set_mem (write at_ (option_map (fun k => result W t k n) k) (mem d)) d
    | Move from to => set_mem (write to (mem d from) (mem d)) d
    | MakeNull at_ => set_mem (write at_ (Some null) (mem d)) d
    | Clobber at_ => set_mem (write at_ None (mem d)) d
    | Collect roots =>
        Doing (a_collect t roots (mem d)) (reads d)
              (List.map (fun r => (mem d r, option_map (move W t) (mem d r))) roots :: ran d)
    end.
  Definition a_acts t k acts (h : memory) : doing := fold_left (a_act t k) acts (Doing h [] []).

  Fixpoint a_instrs_do t (ks : list kind) (is : list instr) (h : memory) : memory :=
    match is with
    | [] => h
    | i :: r =>
        if i_performs i then
          match ks with
          | k :: ks' => a_instrs_do (S t) ks' r (mem (a_acts t (Some k) (i_actions i) h))
          | [] => h
          end
        else a_instrs_do t ks r (mem (a_acts t None (i_actions i) h))
    end.
  Definition is_quiet (d : doing) : bool :=
    match reads d, ran d with [], [] => true | _, _ => false end.
  Fixpoint a_instrs_did t m j (ks : list kind) (is : list instr) (h : memory) : list a_event :=
    match is with
    | [] => []
    | i :: r =>
        if i_performs i then
          match ks with
          | k :: ks' =>
              let d := a_acts t (Some k) (i_actions i) h in
              ADid m j (reads d) (ran d) :: a_instrs_did (S t) m (S j) ks' r (mem d)
          | [] => [AStray]
          end
        else
          let d := a_acts t None (i_actions i) h in
          (if is_quiet d then [] else [AStray]) ++ a_instrs_did t m j ks r (mem d)
    end.

  (** The operations that a block performs: those of its counterpart, since their
      opcodes are equal. *)
  Definition kinds (ab : ablock) : list kind := List.map o_kind (ops_of M (a_counterpart ab)).

  (** Arguments are read at once. *)
  Fixpoint assign (ps : list (loc * option word)) (h : memory) : memory :=
    match ps with [] => h | (p, w) :: r => assign r (write p w h) end.

  Inductive a_conf :=
  | AAt (b : blk) (h : memory)
  | ADone
  | AStuck.

  Definition a_go (e : option (blk * list loc)) (h : memory) : a_conf :=
    match e with
    | Some (t, args) =>
        match ablock_at M t with
        | Some at_ => if length args =? length (a_params at_)
                      then AAt t (assign (combine (a_params at_) (List.map h args)) h)
                      else AStuck
        | None => AStuck
        end
    | None => AStuck
    end.

  Definition block_of (ab : ablock) : blk := match a_counterpart ab with Some m => m | None => 0 end.
  Definition a_block_did t ab h := a_instrs_did t (block_of ab) 0 (kinds ab) (a_instrs ab) h.
  Definition a_block_do t ab h := a_instrs_do t (kinds ab) (a_instrs ab) h.

  (** A block with a counterpart in *before* takes the edge that is chosen; a split-edge block goes
      on. *)
  Definition a_next (t : nat) (c : a_conf) : a_conf :=
    match c with
    | AAt b h =>
        match ablock_at M b with
        | Some ab =>
            if a_ends ab then
              let h' := a_block_do t ab h in
              let k := chosen W (t + length (a_block_did t ab h)) in
              match a_counterpart ab with
              | Some _ => if k <? length (a_edges ab) then a_go (nth_error (a_edges ab) k) h'
                          else ADone
              | None => match a_edges ab with [e] => a_go (Some e) h' | _ => AStuck end
              end
            else AStuck
        | None => AStuck
        end
    | ADone => ADone
    | AStuck => AStuck
    end.
  Definition a_said (t : nat) (c : a_conf) : list a_event :=
    match c with
    | AAt b h =>
        match ablock_at M b with
        | Some ab =>
            let did := a_block_did t ab h in
            did ++ match a_counterpart ab with
                   | Some m => [ALeft m (chosen W (t + length did))]
                   | None => [] end
        | None => []
        end
    | ADone | AStuck => []
    end.

  Fixpoint a_enter (n : nat) (params : list loc) (h : memory) : memory :=
    match params with
    | [] => h
    | l :: r => a_enter (S n) r (write l (Some (given W n)) h)
    end.
  Definition a_start : a_conf :=
    match ablock_at M 0 with
    | Some ab => AAt 0 (a_enter 0 (a_params ab) (fun _ => None))
    | None => AStuck
    end.

  Fixpoint a_run (n : nat) : a_conf * list a_event :=
    match n with
    | 0 => (a_start, [])
    | S n => let '(c, seen) := a_run n in
             (a_next (length seen) c, seen ++ a_said (length seen) c)
    end.

  (** * Seeing the same *)

  (** Each operand is read, as the word that it is in *before* by then; and the collector runs
      in one if in the other, and finds in each root null or an object that exists. *)
  Definition reads_agree (early late : list (option word)) reads : Prop :=
    (forall n, n < length early -> exists is_late w, In (n, is_late, w) reads) /\
    (forall n (is_late : bool) w, In (n, is_late, w) reads ->
       exists x, w = Some x /\ nth_error (if is_late then late else early) n = Some (Some x)).
  Definition root_agrees (existing : list word) (root : option word * option word) : Prop :=
    exists x, fst root = Some x /\ (x = null \/ In x existing).
  Definition runs_agree (at_run : option b_state) ran : Prop :=
    match at_run with
    | None => ran = []
    | Some s => exists roots,
        ran = [roots] /\ forall root, In root roots -> root_agrees (objects s) root
    end.

  Inductive agrees : b_event -> a_event -> Prop :=
  | agree_did m j early late at_run reads ran :
      reads_agree early late reads -> runs_agree at_run ran ->
      agrees (Did m j early late at_run) (ADid m j reads ran)
  | agree_left m k : agrees (Left m k) (ALeft m k).

  (** One machine is done, or on its way, as the other is. *)
  Definition alike (b : b_conf) (a : a_conf) : Prop :=
    match b, a with
    | BDone, ADone => True
    | BAt m _, AAt b _ => exists ab, ablock_at M b = Some ab /\ a_counterpart ab = Some m
    | BGoing _ _ _, AAt b _ => exists ab, ablock_at M b = Some ab /\ a_counterpart ab = None
    | _, _ => False
    end.

  (** Wherever *after* gets, *before* gets there too and the same was seen of both. And wherever
      *before* gets, *after* gets so far that the same was seen of both, and to its end if
      *before* does; *before* is never stuck. *)
  Definition same_seen : Prop :=
    (forall n', exists n,
       Forall2 agrees (snd (b_run n)) (snd (a_run n')) /\ alike (fst (b_run n)) (fst (a_run n'))) /\
    (forall n, exists n',
       Forall2 agrees (snd (b_run n)) (snd (a_run n')) /\
       (fst (b_run n) = BDone -> fst (a_run n') = ADone) /\ fst (b_run n) <> BStuck).

  (** If objects do not move, an object to which no root leads may be freed, and what is at its
      address then is no longer what it was. In *before* it lives on, so this is the same as if
      it had moved. An object that a root leads to stays where it is. *)
  Definition still (e : a_event) : Prop :=
    match e with
    | ADid _ _ _ ran => forall roots, In roots ran -> forall w w', In (w, w') roots -> w = w'
    | ALeft _ _ | AStray => True
    end.
  (** Answers that are about such a collector. *)
  Definition possible : Prop :=
    moving M = false -> forall n e, In e (snd (a_run n)) -> still e.
End Machines.
