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
Lemma seen_later M refs W n e k :
  nth_error (snd (b_run M refs W n)) k = Some e ->
  forall m, nth_error (snd (b_run M refs W (m + n))) k = Some e.
Proof.
  intros H m. induction m as [| m IH]; auto. cbn [Nat.add b_run].
  destruct (b_run M refs W (m + n)) as [c seen]. simpl in *.
  rewrite nth_error_app1; auto. apply nth_error_Some. congruence.
Qed.

Lemma Forall2_nth {X Y} (R : X -> Y -> Prop) l l' k y :
  Forall2 R l l' -> nth_error l' k = Some y -> exists x, nth_error l k = Some x /\ R x y.
Proof.
  intros F. revert k. induction F as [| a b l l' Rab F IH]; intros [| k] H; try discriminate.
  - injection H as <-. exists a. auto.
  - apply IH in H. exact H.
Qed.

(** Event [k] of *before* reads one operand, which is [x], and that of *after* reads [y]. *)
Lemma not_same_seen M refs W n n' k x y l m j m' j' :
  nth_error (snd (b_run M refs W n)) k = Some (Did m j [Some x] l None) ->
  nth_error (snd (a_run M W n')) k = Some (ADid m' j' [(0, false, Some y)] []) ->
  x <> y -> ~ same_seen M refs W.
Proof.
  intros Before After N [H _]. destruct (H n') as (i & F & _).
  destruct (Forall2_nth _ _ _ _ _ F After) as (e & E & A).
  pose proof (seen_later M refs W i e k E n) as X.
  pose proof (seen_later M refs W n _ k Before i) as Y.
  rewrite Nat.add_comm, X in Y. injection Y as ->.
  inversion A as [? ? ? ? ? ? ? [_ R] _ |]; subst.
  destruct (R 0 false (Some y)) as (z & Q & Z); [now left |].
  injection Q as <-. simpl in Z. congruence.
Qed.

Theorem a_lost_root_is_wrong : ~ same_seen lost refs moves.
Proof. exact (not_same_seen _ _ _ 3 2 _ _ _ _ _ _ _ _ seen_before seen_after ltac:(discriminate)). Qed.
