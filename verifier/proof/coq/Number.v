(** A number in a root. Where a declared parameter receives a number, one location may hold the
    number and the reference that was made from it. A collector that moves objects updates a root
    there, and then the root holds the reference only. I4 says so, and this is why. *)
From Coq Require Import List Bool Arith.
Import ListNotations.
From SM Require Import Maps Model Machines Certificate Checker Sound Wrong Examples.

(** v0 is a number; it is passed to v1, which is declared. Both are spilled to slot 0, and the
    number to slot 1 too. *)
Definition slot1 := 3.
Definition number (roots : list loc) (read : loc) (is_moving : bool) : model :=
  Model (nth_error
           [ BBlock [] [Op Plain [] [0]] true [(1, [0])];
             BBlock [1] [Op Safepoint [] []; Op Plain [0] []] true [] ]) 2
        (nth_error
           [ ABlock (Some 0) [] [ Instr true [Define 0 ssa0]; Instr false [Move ssa0 slot0];
                                  Instr false [Move ssa0 slot1] ]
                    true [(1, [ssa0])];
             ABlock (Some 1) [reload] [Instr true [Collect roots]; Instr true [Use 0 read]]
                    true [] ])
        (nth_error (places_ ++ [Bytes (Cell 1 0 8)])) 4
        (nth_error [Slot 8 false false; Slot 8 false false]) [1] is_moving.
Definition claims : certificate :=
  Certificate [(1, true)]
    [ Entry 0 None [] [];
      Entry 1 None [] [(slot0, just 0); (slot0, just 1); (slot1, just 0)] ].

Example rejected : check (number [slot0] slot0 true) claims = false.
Proof. vm_compute. reflexivity. Qed.
(** It may be read elsewhere, if it is no root, or if objects do not move. *)
Example in_no_root : check (number [slot0] slot1 true) claims = true.
Proof. vm_compute. reflexivity. Qed.
Example not_moved : check (number [slot0] slot0 false) claims = true.
Proof. vm_compute. reflexivity. Qed.
Example not_listed : check (number [] slot0 true) claims = true.
Proof. vm_compute. reflexivity. Qed.

Definition refs (v : val) := Nat.eqb v 1.
(** The object is at 8 when it is made, and moves by 8. *)
Definition moves := World (fun _ => 0) (fun _ _ => 8) (fun _ w => w + 8) (fun _ => 0).
Definition pair := number [slot0] slot0 true.

Example seen_after :
  nth_error (snd (a_run pair moves 2)) 3 = Some (ADid 1 1 [(0, false, Some 16)] []).
Proof. reflexivity. Qed.
Example seen_before :
  nth_error (snd (b_run pair refs moves 3)) 3 = Some (Did 1 1 [Some 8] [Some 8] None).
Proof. reflexivity. Qed.

Theorem a_number_in_a_root_is_wrong : ~ same_seen pair refs moves.
Proof. exact (not_same_seen _ _ _ 3 2 _ _ _ _ _ _ _ _ seen_before seen_after ltac:(discriminate)). Qed.
