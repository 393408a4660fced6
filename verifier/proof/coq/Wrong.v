(** The statement is not empty: it is false of a pair that loses a root. *)
From Coq Require Import List Bool Arith.
Import ListNotations.
From SM Require Import Maps Model Checker Examples.

Definition lost := pair spill [].
Definition refs (v : val) := Nat.eqb v 0.

Theorem a_lost_root_is_wrong : exists s, reach lost refs 1 None s /\ ~ good_config lost refs 1 None s.
Proof.
  pose proof (reach_edge lost refs 0 None _ _ 0 1 [] _ (reach_start lost refs)
                eq_refl eq_refl eq_refl) as R.
  eexists. split; [exact R |].
  intros (ab & E & _ & G & _). injection E as <-. simpl in G.
  destruct G as (bb & B & _ & _ & G). injection B as <-. simpl in G.
  destruct G as (_ & _ & _ & _ & _ & ((_ & G) & _) & _).
  destruct G as (v & i & U & N & Hh).
  injection U as <-. vm_compute in N. injection N as <-. vm_compute in Hh. discriminate.
Qed.
