(** What is known, by location. *)
From Coq Require Import List Arith Bool.
Import ListNotations.
From SM Require Import Maps Model Certificate.

Lemma memb_In x l : memb x l = true <-> In x l.
Proof.
  unfold memb. rewrite existsb_exists. split.
  - intros (y & Hy & E). apply Nat.eqb_eq in E. now subst.
  - intros H. exists x. split; [assumption | apply Nat.eqb_refl].
Qed.

Lemma memb_not_In x l : memb x l = false <-> ~ In x l.
Proof. rewrite <- memb_In. destruct (memb x l); split; congruence. Qed.

Ltac btrue :=
  repeat match goal with
  | H : _ && _ = true |- _ => apply andb_true_iff in H; destruct H
  | H : negb _ = true |- _ => apply negb_true_iff in H
  | H : (_ =? _) = true |- _ => apply Nat.eqb_eq in H
  | H : (_ =? _) = false |- _ => apply Nat.eqb_neq in H
  end.

Lemma facts_learn l fs A x :
  facts_at (learn l fs A) x = if x =? l then fs ++ facts_at A x else facts_at A x.
Proof.
  unfold facts_at at 1, learn. cbn [k_facts]. rewrite get_put. destruct (x =? l) eqn:E; btrue.
  - now subst.
  - reflexivity.
Qed.

Lemma facts_forget l A x : facts_at (forget l A) x = if x =? l then [] else facts_at A x.
Proof. unfold facts_at, forget. simpl. rewrite get_drop. now destruct (x =? l). Qed.

Lemma facts_keep p A x : facts_at (keep p A) x = filter (p x) (facts_at A x).
Proof.
  unfold facts_at, keep. simpl. rewrite get_each. now destruct (get (k_facts A) x).
Qed.

Definition know (A : known) (l : loc) (f : fact) : Prop := In f (facts_at A l).

Lemma know_learn l fs A x f : know (learn l fs A) x f -> (x = l /\ In f fs) \/ know A x f.
Proof.
  unfold know. rewrite facts_learn. destruct (x =? l) eqn:E; btrue; auto.
  intros H. apply in_app_or in H. tauto.
Qed.
Lemma know_forget l A x f : know (forget l A) x f -> know A x f /\ x <> l.
Proof. unfold know. rewrite facts_forget. destruct (x =? l) eqn:E; btrue; [intros [] | auto]. Qed.
Lemma know_keep p A x f : know (keep p A) x f -> know A x f /\ p x f = true.
Proof. unfold know. rewrite facts_keep. apply filter_In. Qed.

Lemma know_learn_all {X} (loc_of : X -> loc) (facts_of : X -> list fact) l f (xs : list X) :
  forall A, know (fold_left (fun A x => learn (loc_of x) (facts_of x) A) xs A) l f ->
  (exists x, In x xs /\ l = loc_of x /\ In f (facts_of x)) \/ know A l f.
Proof.
  induction xs as [| x xs IH]; intros A H; simpl in *; auto.
  apply IH in H. destruct H as [(y & Hy & H) | H]; [left; eauto |].
  apply know_learn in H. destruct H as [[-> H] | H]; [left; exists x; auto | auto].
Qed.

Lemma nulls_learn_all {X} (loc_of : X -> loc) (facts_of : X -> list fact) (xs : list X) :
  forall A, k_nulls (fold_left (fun A x => learn (loc_of x) (facts_of x) A) xs A) = k_nulls A.
Proof. induction xs; intros A; simpl; auto. now rewrite IHxs. Qed.

(** ** What is named *)

Definition named (A : known) : Prop :=
  forall l f v, know A l f -> In v (f_vals f) -> has (k_named A) v = true.

Lemma has_names fs v : forall s,
  has (names fs s) v = true <-> (exists f, In f fs /\ In v (f_vals f)) \/ has s v = true.
Proof.
  unfold names. induction fs as [| f fs IH]; intros s; simpl.
  - split; [auto | intros [(f & [] & _) | H]; exact H].
  - rewrite IH, has_insert_all. split.
    + intros [(g & G & V) | [V | H]]; eauto.
    + intros [(g & [-> | G] & V) | H]; eauto.
Qed.

Lemma named_learn l fs A : named A -> named (learn l fs A).
Proof.
  intros N x f v K V. unfold learn. cbn [k_named]. rewrite has_names.
  apply know_learn in K. destruct K as [[_ K] | K]; eauto.
Qed.
Lemma named_less A B :
  (forall l f, know B l f -> know A l f) -> k_named B = k_named A -> named A -> named B.
Proof. intros K E N l f v H V. rewrite E. eauto. Qed.
Lemma named_forget l A : named A -> named (forget l A).
Proof. apply named_less; auto. intros x f H. now apply know_forget in H. Qed.
Lemma named_keep p A : named A -> named (keep p A).
Proof. apply named_less; auto. intros x f H. now apply know_keep in H. Qed.
Lemma named_learn_all {X} (loc_of : X -> loc) (facts_of : X -> list fact) (xs : list X) :
  forall A, named A -> named (fold_left (fun A x => learn (loc_of x) (facts_of x) A) xs A).
Proof. induction xs; intros A N; simpl; auto using named_learn. Qed.
