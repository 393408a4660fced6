(** The checker: the function that [verifier/kernel/src/certificate] is in Rust. The rules
    named are those of its documentation. *)
From Coq Require Import List Arith Bool.
Import ListNotations.
From SM Require Import Maps Model Certificate.

(** * What is looked up by key *)

Record tables := Tables
  { t_declared : set;
    t_refs : map (nat * bool);        (* where a reference is listed, and if it is always one *)
    t_places : map (nat * entry) }.   (* where a block is listed *)

Fixpoint ranks (n : nat) (l : list (val * bool)) (m : map (nat * bool)) : map (nat * bool) :=
  match l with [] => m | (v, a) :: r => ranks (S n) r (put v (n, a) m) end.
Fixpoint positions (n : nat) (l : list entry) (m : map (nat * entry)) : map (nat * entry) :=
  match l with [] => m | e :: r => positions (S n) r (put (e_block e) (n, e) m) end.

(** Declared, without the null constants. *)
Definition declared_set (M : model) : set :=
  fold_left (fun s v => drop v s) (null_constants M) (set_of (declared M)).
Definition tables_of (M : model) (C : certificate) : tables :=
  Tables (declared_set M) (ranks 0 (c_refs C) empty) (positions 0 (c_blocks C) empty).

(** * What an instruction does: L2 *)

Definition uses_of (o : option op) := match o with Some o => o_uses o | None => [] end.
Definition defs_of (o : option op) := match o with Some o => o_defs o | None => [] end.
Definition makes_null (o : option op) : bool :=
  match o with Some o => match o_kind o with Null => true | _ => false end | None => false end.

Fixpoint nodup (l : list nat) : bool :=
  match l with [] => true | x :: r => negb (memb x r) && nodup r end.
Definition has_use n acts := existsb (fun a => match a with Use m _ => m =? n | _ => false end) acts.
Definition count_writes n acts :=
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
(** It reads each operand, writes each result once, no two of which are one value, and lets
    the collector run exactly if its operation does. *)
Definition performed (o : option op) acts : bool :=
  moves_first acts && nodup (defs_of o) &&
  forallb (fun n => has_use n acts) (seq 0 (length (uses_of o))) &&
  forallb (fun n => count_writes n acts =? 1) (seq 0 (length (defs_of o))) &&
  (collections acts =? runs o).

Section Check.
  Variable M : model.
  Variable T : tables.

  Definition decl (v : val) : bool := has (t_declared T) v.
  Definition rank (v : val) : option nat := option_map fst (get (t_refs T) v).
  Definition listed (v : val) : bool := has (t_refs T) v.
  Definition always (v : val) : bool :=
    match get (t_refs T) v with Some (_, a) => a | None => false end.

  Definition implies (f w : fact) : bool :=
    at_most (f_else f) (f_else w) &&
    forallb (fun v => memb v (f_vals w) || (allows_reference (f_else w) && always v)) (f_vals f).
  (** Null is what it is by whatever name. *)
  Definition widened (A : known) (w : fact) : fact :=
    if existsb (knows_null A) (f_vals w) then Fact (f_vals w) (or_null (f_else w)) else w.
  Definition proves (A : known) (l : loc) (w : fact) : bool :=
    existsb (fun f => implies f (widened A w)) (facts_at A l).

  (** ** I1 to I5 *)

  (** I3: what is known of the location, and of what shares bytes with it, is void. *)
  Definition overwrite (at_ : loc) (A : known) : known :=
    match cell_of M at_ with
    | None => forget at_ A
    | Some _ => forget at_ (keep (fun l _ => negb (overl M at_ l)) A)
    end.
  (** Whatever named [v] is void. *)
  Definition rename (v : val) (A : known) : known :=
    if has (k_named A) v then keep (fun _ f => negb (memb v (f_vals f))) A else A.
  (** I1 *)
  Definition a_define (v : val) (at_ : loc) (A : known) : known :=
    let A' := overwrite at_ (rename v A) in
    learn at_ [just v] (Known (k_facts A') (drop v (k_nulls A')) (k_named A')).
  (** I5 *)
  Definition a_null (v : option val) (at_ : loc) (A : known) : known :=
    let A' := match v with
              | Some v => let B := rename v A in Known (k_facts B) (insert v (k_nulls B)) (k_named B)
              | None => A end in
    learn at_ [Fact [] OrNull] (overwrite at_ A').
  (** I2 *)
  Definition a_move (f t : loc) (A : known) : known :=
    learn t (facts_at A f) (overwrite t A).
  (** I4 *)
  Definition names_one (f : fact) : list val :=
    match f with Fact [v] Nothing => [v] | _ => [] end.
  Definition held (roots : list loc) (A : known) : set :=
    set_of (flat_map (fun r => flat_map names_one (facts_at A r)) roots).
  Definition a_collect (roots : list loc) (A : known) : known :=
    let among := set_of roots in
    let kept := if moving M then empty else held roots A in
    let stays l f :=
      if has among l then negb (is_anyref f) && (negb (moving M) || forallb always (f_vals f))
      else negb (allows_reference (f_else f)) &&
           forallb (fun v => negb (listed v) || has kept v) (f_vals f) in
    fold_left (fun A r => learn r [anyref] A) roots (keep stays A).

  (** ** M1: what [well_placed] says, with roots looked up by slot *)

  Definition by_slot (roots : list loc) : map (list loc) :=
    fold_left (fun m r =>
      match cell_of M r with
      | Some c =>
          put (c_slot c) (r :: match get m (c_slot c) with Some rs => rs | None => [] end) m
      | None => m
      end) roots empty.
  Definition in_slot_of (m : map (list loc)) (r : loc) : list loc :=
    match cell_of M r with
    | Some c => match get m (c_slot c) with Some rs => rs | None => [] end
    | None => []
    end.
  Definition c_placed (own : bool) (a : action) : bool :=
    match a with
    | Collect roots =>
        let m := by_slot roots in
        forallb (fun r => inside M r && forallb (fun r' => negb (overl M r r')) (in_slot_of m r))
                roots
    | Use _ _ | Define _ _ | Move _ _ | MakeNull _ | Clobber _ => well_placed M own a
    end.

  (** ** One action: L2, O1, O2, M1. [dn]: what this instruction has written. *)

  Definition c_action (own : bool) (o : option op) (dn : list val) (A : known) (a : action)
    : option (list val * known) :=
    if negb (c_placed own a) then None else
    match a with
    | Use n at_ =>
        match nth_error (uses_of o) n with
        | Some v => if negb (memb v dn) && proves A at_ (just v) then Some (dn, A) else None
        | None => None
        end
    | Define n at_ =>
        match nth_error (defs_of o) n with
        | Some v => Some (v :: dn, if makes_null o then a_null (Some v) at_ A else a_define v at_ A)
        | None => None
        end
    | Move f t => Some (dn, a_move f t A)
    | MakeNull at_ => Some (dn, a_null None at_ A)
    | Clobber at_ => Some (dn, overwrite at_ A)
    | Collect roots =>
        match dn with
        | [] => if forallb (fun r => proves A r anyref) roots
                then Some (dn, a_collect roots A) else None
        | _ :: _ => None
        end
    end.

  Fixpoint c_actions own o dn A acts : option known :=
    match acts with
    | [] => Some A
    | a :: r => match c_action own o dn A a with
                | Some (dn', A') => c_actions own o dn' A' r
                | None => None
                end
    end.

  (** ** A block: L1 *)

  Fixpoint c_block (ops : list op) (is : list instr) (A : known) : option known :=
    match is with
    | [] => match ops with [] => Some A | _ => None end
    | i :: r =>
        if i_performs i then
          match ops with
          | o :: ops' =>
              if performed (Some o) (i_actions i) then
                match c_actions false (Some o) [] A (i_actions i) with
                | Some A' => c_block ops' r A'
                | None => None
                end
              else None
          | [] => None
          end
        else
          if performed None (i_actions i) then
            match c_actions true None [] A (i_actions i) with
            | Some A' => c_block ops r A'
            | None => None
            end
          else None
    end.

  (** ** Edges: L3, S2 *)

  Fixpoint lookup (ps : list (nat * nat)) (x : nat) : nat :=
    match ps with [] => x | (p, a) :: r => if x =? p then a else lookup r x end.

  (** What the target's claims ask for in front of the edge. *)
  Definition read_back (locs vals : list (nat * nat)) (c : claim) : claim :=
    let made := if allows_reference (f_else (snd c))
                then List.map snd (filter (fun pa => decl (fst pa)) vals) else [] in
    (lookup locs (fst c),
     Fact (List.map (lookup vals) (f_vals (snd c)) ++ made) (f_else (snd c))).

  (** What the edge binds in before: nothing, into a split-edge block. *)
  Definition bound (tk : option (blk * nat)) (at_ : ablock) : option (list val * list val) :=
    match tk with
    | None => None
    | Some (m, k) =>
        match bedge M m k with
        | None => None
        | Some (t', vs) =>
            match a_counterpart at_ with
            | None => Some ([], [])
            | Some m' => if m' =? t' then
                           match bblock_at M m' with
                           | Some bt => Some (b_params bt, vs) | None => None end
                         else None
            end
        end
    end.

  Definition opt_eqb (a b : option (blk * nat)) : bool :=
    match a, b with
    | Some (m, k), Some (m', k') => (m =? m') && (k =? k')
    | None, None => true
    | _, _ => false
    end.

  Definition is_named (l : loc) : bool :=
    match place_at M l with Some (Named _) => true | _ => false end.

  Definition c_edge (position : nat) (from_split_edge : bool) (tk : option (blk * nat)) (A : known)
    (edge : blk * list loc) : bool :=
    let '(t, args) := edge in
    match get (t_places T) t, ablock_at M t with
    | Some (later, e), Some at_ =>
        match bound tk at_ with
        | None => false
        | Some (params, passed) =>
            let split_edge := match a_counterpart at_ with None => true | Some _ => false end in
            (negb split_edge || (opt_eqb (e_pending e) tk && (negb from_split_edge || (position <? later))))
            && nodup (a_params at_) && nodup params
            && (length args =? length (a_params at_)) && (length passed =? length params)
            && forallb (inside M) args
            && forallb is_named (a_params at_)
            && forallb (fun v => knows_null A (lookup (combine params passed) v)) (e_nulls e)
            && forallb (fun c => let c' := read_back (combine (a_params at_) args)
                                                     (combine params passed) c in
                                 proves A (fst c') (snd c')) (e_claims e)
            && forallb (fun pa => negb (always (fst pa)) || always (snd pa)
                                  || knows_null A (snd pa) || decl (fst pa))
                       (combine params passed)
        end
    | _, _ => false
    end.

  (** The edge of before that edge [k] out of the after block is on. *)
  Definition taken (ab : ablock) (pending : option (blk * nat)) (k : nat) :=
    match a_counterpart ab with Some m => Some (m, k) | None => pending end.

  Fixpoint c_edges position from_split_edge (tk : nat -> option (blk * nat)) A k es : bool :=
    match es with
    | [] => true
    | e :: r =>
        c_edge position from_split_edge (tk k) A e && c_edges position from_split_edge tk A (S k) r
    end.

  Definition c_entry (position : nat) (e : entry) : bool :=
    match ablock_at M (e_block e) with
    | None => false
    | Some ab =>
        let shape :=
          match a_counterpart ab, e_pending e with
          | Some m, None => match bblock_at M m with
                            | Some bb => b_ends bb && (length (a_edges ab) =? length (b_edges bb))
                            | None => false end
          | None, Some _ => length (a_edges ab) =? 1
          | _, _ => false
          end in
        a_ends ab && shape &&
        match get (t_places T) (e_block e) with Some (p, _) => p =? position | None => false end &&
        match c_block (ops_of M (a_counterpart ab)) (a_instrs ab) (claimed e) with
        | None => false
        | Some A => c_edges position (match a_counterpart ab with None => true | _ => false end)
                            (taken ab (e_pending e)) A 0 (a_edges ab)
        end
    end.

  Fixpoint c_entries position es : bool :=
    match es with
    | [] => true
    | e :: r => c_entry position e && c_entries (S position) r
    end.

  (** ** The start: S1 *)

  Fixpoint a_params_defined (ps : list (val * loc)) (A : known) : known :=
    match ps with [] => A | (v, l) :: r => a_params_defined r (a_define v l A) end.

  Definition c_start (es : list entry) : bool :=
    match es, ablock_at M 0, bblock_at M 0 with
    | e :: _, Some ab, Some bb =>
        let A := a_params_defined (combine (b_params bb) (a_params ab)) unknown in
        (e_block e =? 0)
        && match a_counterpart ab with Some 0 => true | _ => false end
        && (length (b_params bb) =? length (a_params ab))
        && forallb (inside M) (a_params ab)
        && forallb (fun v => negb (always v) || decl v) (b_params bb)
        && forallb (knows_null A) (e_nulls e)
        && forallb (fun c => proves A (fst c) (snd c)) (e_claims e)
    | _, _, _ => false
    end.

  (** L1: each block comes after one that leads to it. *)
  Fixpoint c_order (reached : set) (es : list entry) : bool :=
    match es with
    | [] => true
    | e :: r =>
        has reached (e_block e) &&
        c_order (match ablock_at M (e_block e) with
                 | Some ab => insert_all (List.map fst (a_edges ab)) reached
                 | None => reached end) r
    end.

  (** M2: no two locations have one name. *)
  Fixpoint c_distinct (seen : set) (ls : list loc) : bool :=
    match ls with
    | [] => true
    | l :: r =>
        match place_at M l with
        | Some (Named n) => negb (has seen n) && c_distinct (insert n seen) r
        | _ => c_distinct seen r
        end
    end.

  (** ** R1 and R2 *)

  Definition op_flows (o : op) : list (val * val) :=
    flat_map (fun a => List.map (fun d => (a, d)) (o_defs o)) (forwarded o).
  Fixpoint edge_flows (tk : nat -> option (blk * nat)) k (es : list (blk * list loc)) :=
    match es with
    | [] => []
    | (t, _) :: r =>
        match ablock_at M t with
        | Some at_ => match bound (tk k) at_ with
                      | Some (params, passed) => combine passed params
                      | None => [] end
        | None => []
        end ++ edge_flows tk (S k) r
    end.
  Definition entry_flows (e : entry) : list (val * val) :=
    match ablock_at M (e_block e) with
    | None => []
    | Some ab => flat_map op_flows (ops_of M (a_counterpart ab)) ++
                 edge_flows (taken ab (e_pending e)) 0 (a_edges ab)
    end.
  Definition flows (es : list entry) := flat_map entry_flows es.
  Definition earlier (f : val * val) : bool :=
    match rank (fst f), rank (snd f) with Some i, Some j => i <? j | _, _ => false end.
  Definition received (fs : list (val * val)) : set :=
    set_of (List.map snd (filter earlier fs)).
  Definition c_references (C : certificate) : bool :=
    let fs := flows (c_blocks C) in
    let rs := received fs in
    forallb (fun f => negb (listed (fst f)) || listed (snd f)) fs &&
    forallb (fun v => negb (decl v) || listed v) (declared M) &&
    forallb (fun r => decl (fst r) || has rs (fst r)) (c_refs C).

  Definition check_with (C : certificate) : bool :=
    c_distinct empty (seq 0 (locations M)) && c_start (c_blocks C)
    && c_order (insert 0 empty) (c_blocks C) && c_entries 0 (c_blocks C) && c_references C.
End Check.

Definition check (M : model) (C : certificate) : bool := check_with M (tables_of M C) C.
