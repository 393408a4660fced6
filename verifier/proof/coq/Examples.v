(** The checker accepts something, and rejects the same thing made wrong. *)
From Coq Require Import List Bool Arith.
Import ListNotations.
From SM Require Import Maps Model Certificate Checker.

(** v0 is made and spilled; block 1 loops: a safepoint, a reload, a use. *)
Definition ssa0 := 0. Definition reload := 1. Definition slot0 := 2.
Definition source : list bblock :=
  [ BBlock [] [Op Plain [] [0]] true [(1, [])];
    BBlock [] [Op Safepoint [] []; Op Plain [0] []] true [(1, []); (2, [])];
    BBlock [] [Op Plain [0] []] true [] ].
Definition target (spill : list instr) (roots : list loc) : list ablock :=
  [ ABlock (Some 0) [] (Instr true [Define 0 ssa0] :: spill) true [(1, [])];
    ABlock (Some 1) [] [ Instr true [Collect roots]; Instr false [Move slot0 reload];
                         Instr true [Use 0 reload] ] true [(1, []); (2, [])];
    ABlock (Some 2) [] [ Instr false [Move slot0 reload]; Instr true [Use 0 reload] ] true [] ].
Definition model_of (b : list bblock) (a : list ablock) (p : list place) : model :=
  Model (nth_error b) (length b) (nth_error a) (nth_error p) (length p)
        (nth_error [Slot 8 false false]) [0] true.
Definition places_ := [Named 0; Named 1; Bytes (Cell 0 0 8)].
Definition pair spill roots : model := model_of source (target spill roots) places_.
Definition cert (at_ : loc) : certificate :=
  Certificate [(0, true)]
    [ Entry 0 None [] []; Entry 1 None [] [(at_, just 0)]; Entry 2 None [] [(at_, just 0)] ].
Definition spill := [Instr false [Move ssa0 slot0]].

Example accepted : check (pair spill [slot0]) (cert slot0) = true.
Proof. vm_compute. reflexivity. Qed.
Example not_a_root : check (pair spill []) (cert slot0) = false.
Proof. vm_compute. reflexivity. Qed.
Example not_spilled : check (pair [] [slot0]) (cert slot0) = false.
Proof. vm_compute. reflexivity. Qed.
Example stale : check (pair spill [slot0]) (cert ssa0) = false.
Proof. vm_compute. reflexivity. Qed.
Example too_little :
  check (pair spill [slot0]) (Certificate [(0, true)] [Entry 0 None [] []]) = false.
Proof. vm_compute. reflexivity. Qed.

(** One register as two locations. *)
Example one_place_twice :
  check (model_of source (target spill [slot0]) [Named 0; Named 0; Bytes (Cell 0 0 8)])
        (cert slot0) = false.
Proof. vm_compute. reflexivity. Qed.

(** A block of either program that does not say how it ends. *)
Definition endless (b : bblock) := BBlock (b_params b) (b_ops b) false (b_edges b).
Example no_end :
  check (model_of (List.map endless source) (target spill [slot0]) places_) (cert slot0) = false.
Proof. vm_compute. reflexivity. Qed.

(** Null is a root, wherever it is written; and is read where null is meant. *)
Definition nulls : model :=
  model_of [BBlock [] [Op Null [] [0]; Op Safepoint [] []; Op Plain [0] []] true []]
           [ABlock (Some 0) [] [ Instr true [Define 0 ssa0]; Instr false [MakeNull slot0];
                                 Instr true [Collect [slot0]]; Instr true [Use 0 slot0] ] true []]
           places_.
Example null_is_read : check nulls (Certificate [] [Entry 0 None [] []]) = true.
Proof. vm_compute. reflexivity. Qed.
(** A null constant is no reference, though it is declared. *)
Example null_is_none : check nulls (Certificate [(0, true)] [Entry 0 None [] []]) = false.
Proof. vm_compute. reflexivity. Qed.
