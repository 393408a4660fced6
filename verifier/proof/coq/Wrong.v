(** The statement is not empty: it is false of a pair that loses a root. *)
From Coq Require Import List Bool Arith.
Import ListNotations.
From SM Require Import Maps Model Machines Certificate Checker Sound Examples.

Definition lost := pair spill [].
Definition refs (v : val) := Nat.eqb v 0.
(** The object is at 8 when it is made, and moves by 8 each time; the loop is run once. *)
Definition moves := World (fun _ => 0) (fun _ _ => 8) (fun _ w => w + 8)
                          (fun t => if t =? 4 then 1 else 0).

(** *After* reads what *before* no longer is. *)
Example seen_after :
  nth_error (snd (a_run lost moves 2)) 3 = Some (ADid 1 1 [(0, false, Some 8)] []).
Proof. reflexivity. Qed.
Example seen_before :
  nth_error (snd (b_run lost refs moves 3)) 3 = Some (Did 1 1 [Some 16] [Some 16] None).
Proof. reflexivity. Qed.

(** What was seen stays seen. *)
Lemma seen_before_later n : forall e k,
  nth_error (snd (b_run lost refs moves n)) k = Some e ->
  forall m, nth_error (snd (b_run lost refs moves (m + n))) k = Some e.
Proof.
  intros e k H m. induction m as [| m IH]; auto. cbn [Nat.add b_run].
  destruct (b_run lost refs moves (m + n)) as [c seen]. simpl in *.
  rewrite nth_error_app1; auto. apply nth_error_Some. congruence.
Qed.

Lemma Forall2_nth {X Y} (R : X -> Y -> Prop) l l' k y :
  Forall2 R l l' -> nth_error l' k = Some y -> exists x, nth_error l k = Some x /\ R x y.
Proof.
  intros F. revert k. induction F as [| a b l l' Rab F IH]; intros [| k] H; try discriminate.
  - injection H as <-. exists a. auto.
  - apply IH in H. exact H.
Qed.

Theorem a_lost_root_is_wrong : ~ same_seen lost refs moves.
Proof.
  intros [H _]. destruct (H 2) as (n & F & _).
  destruct (Forall2_nth _ _ _ _ _ F seen_after) as (e & E & A).
  assert (X : nth_error (snd (b_run lost refs moves (3 + n))) 3 = Some e)
    by now apply seen_before_later.
  pose proof (seen_before_later 3 _ _ seen_before n) as Y.
  rewrite Nat.add_comm, X in Y. injection Y as ->.
  inversion A as [? ? ? ? ? ? ? [_ R] _ |]; subst.
  destruct (R 0 false (Some 8)) as (x & Q & Z); [now left |].
  injection Q as <-. discriminate.
Qed.
