(** Why [apart] is asked for: a number in a root. The checker accepts a pair in which *after*
    reads the number from a root that was updated, and *before* still has the number. *)
From Coq Require Import List Bool Arith.
Import ListNotations.
From SM Require Import Maps Model Machines Certificate Checker Examples.

(** v0 is a number; it is passed to v1, which is declared. Both are spilled to one slot. *)
Definition number : model :=
  Model (nth_error
           [ BBlock [] [Op Plain [] [0]] true [(1, [0])];
             BBlock [1] [Op Safepoint [] []; Op Plain [0] []] true [] ]) 2
        (nth_error
           [ ABlock (Some 0) [] [Instr true [Define 0 ssa0]; Instr false [Move ssa0 slot0]]
                    true [(1, [ssa0])];
             ABlock (Some 1) [reload] [Instr true [Collect [slot0]]; Instr true [Use 0 slot0]]
                    true [] ])
        (nth_error places_) 3 (nth_error [Slot 8 false false]) [1] true.

Example accepted :
  check number (Certificate [(1, true)]
    [Entry 0 None [] []; Entry 1 None [] [(slot0, just 0); (slot0, just 1)]]) = true.
Proof. vm_compute. reflexivity. Qed.

Definition refs (v : val) := Nat.eqb v 1.
(** The object is at 8 when it is made, and moves by 8. *)
Definition moves := World (fun _ => 0) (fun _ _ => 8) (fun _ w => w + 8) (fun _ => 0).

Example seen_after :
  nth_error (snd (a_run number moves 2)) 3 = Some (ADid 1 1 [(0, false, Some 16)] []).
Proof. reflexivity. Qed.
Example seen_before :
  nth_error (snd (b_run number refs moves 3)) 3 = Some (Did 1 1 [Some 8] [Some 8] None).
Proof. reflexivity. Qed.

(** At the safepoint there is an object at 8, and the number is 8. *)
Theorem not_apart : ~ possible number refs moves.
Proof.
  intros [_ H]. specialize (H eq_refl 3).
  assert (X : exists s, nth_error (snd (b_run number refs moves 3)) 2 = Some (Did 1 0 [] [] (Some s))
              /\ env s 0 = Some 8 /\ In 8 (objects s)).
  { eexists. split; [reflexivity |]. split; [reflexivity | now left]. }
  destruct X as (s & E & N & O). apply nth_error_In in E.
  pose proof (H _ E 0 8 eq_refl N O). discriminate.
Qed.
