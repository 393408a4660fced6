(** What the checker knows of a state is true of it: each of I1 to I5 keeps that. *)
From Coq Require Import List Arith Bool Lia.
Import ListNotations.
From SM Require Import Maps Model Checker.

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

(** ** What is known, by location *)

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

Section Facts.
  Variable M : model.
  Variable C : certificate.
  Variable refs : val -> bool.

  Notation T := (tables_of M C).
  Notation listed := (listed T).
  Notation always := (always T).

  (** The fact is true of the location. *)
  Definition sat (s : state) (l : loc) (f : fact) : Prop :=
    (exists v i, In v (f_vals f) /\ name s v = Some i /\ holds s l i = true) \/
    (allows_null (f_else f) = true /\ holds s l null = true) \/
    (allows_reference (f_else f) = true /\ exists i, holds s l i = true /\ isref s i = true).

  Record Inv (s : state) : Prop := {
    wf_null : null < next s;
    null_not : isref s null = false;
    wf_name : forall v i, name s v = Some i -> i < next s;
    wf_hold : forall l i, holds s l i = true -> i < next s;
    excl : forall r l i j, overl M r l = true -> holds s r i = true -> holds s l j = true -> False;
    alw : forall v i, always v = true -> name s v = Some i -> isref s i = true \/ i = null;
    unl : forall v i, listed v = false -> name s v = Some i -> isref s i = false }.

  (** All that is known is true. *)
  Record ok (s : state) (A : known) : Prop := {
    ok_facts : forall l f, know A l f -> sat s l f;
    ok_nulls : forall v, knows_null A v = true -> name s v = Some null }.

  Lemma implies_sat s l f w :
    Inv s -> implies T f w = true -> sat s l f -> sat s l w.
  Proof.
    intros I H S. unfold implies in H. btrue. rename H into L, H0 into V.
    rewrite forallb_forall in V.
    destruct S as [(v & i & Hv & Hn & Hh) | [(Hz & Hh) | (Hr & i & Hh & Hi)]].
    - specialize (V v Hv). apply orb_true_iff in V. destruct V as [V | V].
      + left. exists v, i. rewrite memb_In in V. auto.
      + btrue. destruct (alw _ I _ _ H0 Hn) as [R | ->].
        * right. right. split; auto. exists i. auto.
        * right. left. split; auto. now destruct (f_else w).
    - right. left. split; auto. now destruct (f_else f), (f_else w).
    - right. right. split; [now destruct (f_else f), (f_else w) | eauto].
  Qed.

  Lemma widened_sat s A l w : ok s A -> sat s l (widened A w) -> sat s l w.
  Proof.
    intros K S. unfold widened in S. destruct (existsb (knows_null A) (f_vals w)) eqn:E; auto.
    rewrite existsb_exists in E. destruct E as (v & Hv & E). apply (ok_nulls _ _ K) in E.
    destruct S as [S | [(_ & Hh) | (Hr & S)]]; simpl in *.
    - left. exact S.
    - left. exists v, null. auto.
    - right. right. split; auto. now destruct (f_else w).
  Qed.

  Lemma proves_sat s A l w : Inv s -> ok s A -> proves T A l w = true -> sat s l w.
  Proof.
    intros I K H. unfold proves in H. rewrite existsb_exists in H. destruct H as (f & Hin & H).
    apply (widened_sat s A); auto. eapply implies_sat; eauto. now apply (ok_facts _ _ K).
  Qed.

  Lemma sat_just s l v : sat s l (just v) <-> exists i, name s v = Some i /\ holds s l i = true.
  Proof.
    split.
    - intros [(w & i & [-> | []] & Hn & Hh) | [(E & _) | (E & _)]]; [eauto | discriminate | discriminate].
    - intros (i & Hn & Hh). left. exists v, i. simpl; auto.
  Qed.

  Lemma sat_anyref s l :
    sat s l anyref <-> exists i, holds s l i = true /\ (isref s i = true \/ i = null).
  Proof.
    split.
    - intros [(w & i & [] & _) | [(_ & H) | (_ & i & H & R)]]; eauto.
    - intros (i & H & [R | ->]); [right; right | right; left]; split; simpl; eauto.
  Qed.

  Lemma overl_irrefl l : overl M l l = false.
  Proof. unfold overl. now rewrite Nat.eqb_refl. Qed.

  Lemma overl_sym l l' : overl M l l' = overl M l' l.
  Proof.
    unfold overl. rewrite (Nat.eqb_sym l l').
    destruct (cell_of M l) as [c|], (cell_of M l') as [d|]; auto.
    rewrite (Nat.eqb_sym (c_slot c)).
    destruct (l' =? l), (c_slot d =? c_slot c); simpl; auto.
    now rewrite andb_comm.
  Qed.

  Lemma write_other at_ c h l i :
    l <> at_ -> overl M at_ l = false -> write M at_ c h l i = h l i.
  Proof.
    intros N O. unfold write. apply Nat.eqb_neq in N. now rewrite N, O.
  Qed.
  Lemma write_same at_ c h i : write M at_ c h at_ i = c i.
  Proof. unfold write. now rewrite Nat.eqb_refl. Qed.
  Lemma write_cases at_ c h l i :
    write M at_ c h l i = true ->
    (l = at_ /\ c i = true) \/ (l <> at_ /\ overl M at_ l = false /\ h l i = true).
  Proof.
    unfold write. destruct (l =? at_) eqn:E; btrue; auto.
    destruct (overl M at_ l) eqn:O; [discriminate | auto].
  Qed.

  Lemma write_excl at_ c h :
    (forall r l i j, overl M r l = true -> h r i = true -> h l j = true -> False) ->
    forall r l i j, overl M r l = true -> write M at_ c h r i = true ->
                    write M at_ c h l j = true -> False.
  Proof.
    intros X r l i j O Hr Hl.
    apply write_cases in Hr. apply write_cases in Hl.
    destruct Hr as [[-> _] | (Nr & Or & Hr)], Hl as [[-> _] | (Nl & Ol & Hl)].
    - rewrite overl_irrefl in O. discriminate.
    - congruence.
    - rewrite overl_sym in O. congruence.
    - eauto.
  Qed.

  (** ** Places (M1) *)

  Lemma by_slot_has r c : forall roots,
    In r roots -> cell_of M r = Some c -> In r (in_slot_of M (by_slot M roots) r).
  Proof.
    intros roots Hr Hc. unfold by_slot.
    set (step := fun m r => _).
    assert (X : forall rs m,
              In r rs \/ In r (in_slot_of M m r) -> In r (in_slot_of M (fold_left step rs m) r)).
    { induction rs as [| x rs IH]; intros m H; simpl; [destruct H as [[]|]; auto |].
      apply IH. unfold in_slot_of in *. rewrite Hc in *. unfold step.
      destruct H as [[-> | H] | H]; auto; right.
      - rewrite Hc, get_put, Nat.eqb_refl. now left.
      - destruct (cell_of M x) as [d|]; auto. rewrite get_put.
        destruct (c_slot c =? c_slot d) eqn:E; auto. btrue. rewrite E in H. now right. }
    apply X. auto.
  Qed.

  Lemma placed_well own a : c_placed M own a = true -> well_placed M own a = true.
  Proof.
    destruct a as [| | | | | roots]; auto. simpl. rewrite !forallb_forall. intros H r Hr.
    specialize (H r Hr). apply andb_true_iff in H. destruct H as [I O]. rewrite I. simpl.
    rewrite forallb_forall in *. intros r' Hr'. apply negb_true_iff.
    destruct (overl M r r') eqn:E; auto. exfalso.
    assert (X : exists c d, cell_of M r = Some c /\ cell_of M r' = Some d /\ c_slot c = c_slot d).
    { unfold overl in E. destruct (cell_of M r) as [c|], (cell_of M r') as [d|];
        try (rewrite andb_false_r in E; discriminate). btrue. eauto. }
    destruct X as (c & d & Hc & Hd & S).
    assert (Y : In r' (in_slot_of M (by_slot M roots) r)).
    { pose proof (by_slot_has r' d roots Hr' Hd) as B. unfold in_slot_of in *.
      rewrite Hc. rewrite Hd in B. now rewrite S. }
    specialize (O _ Y). now rewrite E in O.
  Qed.

  (** ** Writes (I3) *)

  Lemma know_overwrite at_ A l f :
    know (overwrite M at_ A) l f -> know A l f /\ l <> at_ /\ overl M at_ l = false.
  Proof.
    unfold overwrite. destruct (cell_of M at_) eqn:E; intros H; apply know_forget in H.
    - destruct H as [H N]. apply know_keep in H. destruct H as [H O]. btrue. auto.
    - destruct H as [H N]. repeat split; auto. unfold overl. rewrite E. now rewrite andb_false_r.
  Qed.
  Lemma nulls_overwrite at_ A : k_nulls (overwrite M at_ A) = k_nulls A.
  Proof. unfold overwrite. now destruct (cell_of M at_). Qed.

  Lemma sat_write at_ c s l f :
    sat s l f -> l <> at_ -> overl M at_ l = false ->
    sat (set_holds (write M at_ c (holds s)) s) l f.
  Proof.
    intros S N O.
    destruct S as [(w & i & Hw & Hn & Hh) | [(Hz & Hh) | (Hr & i & Hh & Hi)]].
    - left. exists w, i. simpl. rewrite write_other; auto.
    - right. left. simpl. rewrite write_other; auto.
    - right. right. split; auto. exists i. simpl. rewrite write_other; auto.
  Qed.

  Lemma overwrite_ok at_ c s A :
    ok s A -> ok (set_holds (write M at_ c (holds s)) s) (overwrite M at_ A).
  Proof.
    intros K. constructor.
    - intros l f E. apply know_overwrite in E. destruct E as (E & N & O).
      apply sat_write; auto. now apply (ok_facts _ _ K).
    - intros v E. unfold knows_null in E. rewrite nulls_overwrite in E. now apply (ok_nulls _ _ K).
  Qed.

  Lemma learn_ok s A l fs : ok s A -> (forall f, In f fs -> sat s l f) -> ok s (learn l fs A).
  Proof.
    intros K H. constructor.
    - intros x f E. apply know_learn in E. destruct E as [[-> E] | E]; auto.
      now apply (ok_facts _ _ K).
    - apply (ok_nulls _ _ K).
  Qed.

  Lemma set_Inv at_ c s :
    (forall i, c i = true -> i < next s) -> Inv s ->
    Inv (set_holds (write M at_ c (holds s)) s).
  Proof.
    intros Hc I. constructor; simpl; try apply I.
    - intros l i E. apply write_cases in E. destruct E as [[_ E] | (_ & _ & E)]; auto.
      eapply (wf_hold _ I); eauto.
    - intros x l i j. apply write_excl. apply (excl _ I).
  Qed.

  (** ** Copies (I2) *)

  Lemma move_ok f t s A :
    ok s A -> ok (set_holds (write M t (holds s f) (holds s)) s) (a_move M f t A).
  Proof.
    intros K. unfold a_move. apply learn_ok; [now apply overwrite_ok |].
    intros g Hg. pose proof (ok_facts _ _ K f g Hg) as S.
    destruct S as [(w & i & Hw & Hn & Hh) | [(Hz & Hh) | (Hr & i & Hh & Hi)]].
    - left. exists w, i. simpl. rewrite write_same. auto.
    - right. left. simpl. rewrite write_same. auto.
    - right. right. split; auto. exists i. simpl. rewrite write_same. auto.
  Qed.

  (** ** Definitions (I1) *)

  Lemma define_Inv r v at_ s :
    (always v = true -> r = true) -> (listed v = false -> r = false) ->
    Inv s -> Inv (define M r v at_ s).
  Proof.
    intros Ha Hu I. pose proof (wf_null _ I) as Z. constructor; simpl.
    - lia.
    - unfold null in *. destruct (next s); [lia | apply (null_not _ I)].
    - intros w i. destruct (w =? v); intros E.
      + injection E as <-. lia.
      + apply (wf_name _ I) in E. lia.
    - intros l i E. apply write_cases in E. destruct E as [[_ E] | (_ & _ & E)].
      + btrue. lia.
      + apply (wf_hold _ I) in E. lia.
    - intros x l i j. apply write_excl. apply (excl _ I).
    - intros w i Aw. destruct (w =? v) eqn:W; intros E.
      + injection E as <-. rewrite Nat.eqb_refl. btrue. subst. auto.
      + assert (i < next s) by (apply (wf_name _ I) in E; auto).
        destruct (i =? next s) eqn:Q; btrue; [lia |]. eapply (alw _ I); eauto.
    - intros w i Aw. destruct (w =? v) eqn:W; intros E.
      + injection E as <-. rewrite Nat.eqb_refl. btrue. subst. auto.
      + assert (i < next s) by (apply (wf_name _ I) in E; auto).
        destruct (i =? next s) eqn:Q; btrue; [lia |]. eapply (unl _ I); eauto.
  Qed.

  Lemma know_rename v A l f : know (rename v A) l f -> know A l f /\ ~ In v (f_vals f).
  Proof. intros H. apply know_keep in H. destruct H as [H N]. btrue. now apply memb_not_In in N. Qed.

  Lemma define_ok r v at_ s A : Inv s -> ok s A -> ok (define M r v at_ s) (a_define M v at_ A).
  Proof.
    intros I K. pose proof (wf_null _ I) as Z. unfold a_define. constructor.
    - intros l f E. apply know_learn in E. destruct E as [[-> [<- | []]] | E].
      + left. exists v, (next s). simpl. rewrite write_same, !Nat.eqb_refl. auto.
      + change (know (overwrite M at_ (rename v A)) l f) in E.
        apply know_overwrite in E. destruct E as (E & Nl & O).
        apply know_rename in E. destruct E as [E N].
        destruct (ok_facts _ _ K _ _ E)
          as [(w & i & Hw & Hn & Hh) | [(Hz & Hh) | (Hr & i & Hh & Hi)]].
        * left. exists w, i. simpl. assert (W : w <> v) by (intros ->; auto).
          apply Nat.eqb_neq in W. rewrite W, write_other; auto.
        * right. left. simpl. rewrite write_other; auto.
        * right. right. split; auto. exists i. simpl. rewrite write_other; auto. split; auto.
          apply (wf_hold _ I) in Hh. destruct (i =? next s) eqn:Q; btrue; [lia | auto].
    - intros w E. unfold knows_null, learn in E. cbn [k_nulls] in E. rewrite has_drop in E.
      rewrite nulls_overwrite in E. btrue. simpl. apply Nat.eqb_neq in H. rewrite H.
      now apply (ok_nulls _ _ K).
  Qed.

  (** ** Null (I5) *)

  Lemma null_written s i : (i =? null) = true -> Inv s -> i < next s.
  Proof. intros E I. btrue. subst. apply (wf_null _ I). Qed.

  Lemma write_null_Inv at_ s : Inv s -> Inv (write_null M at_ s).
  Proof. intros I. apply set_Inv; auto. intros i E. now apply null_written. Qed.

  Lemma write_null_ok at_ s A : ok s A -> ok (write_null M at_ s) (a_null M None at_ A).
  Proof.
    intros K. apply learn_ok; [now apply overwrite_ok |].
    intros f [<- | []]. right. left. simpl. rewrite write_same. auto.
  Qed.

  Lemma define_null_Inv v at_ s : Inv s -> Inv (define_null M v at_ s).
  Proof.
    intros I. pose proof (write_null_Inv at_ s I) as J. constructor; try apply J.
    - intros w i. simpl. destruct (w =? v); intros E; [injection E as <-; apply I | now apply I in E].
    - intros w i Aw. simpl. destruct (w =? v); intros E; [injection E as <-; auto |].
      eapply (alw _ I); eauto.
    - intros w i U. simpl. destruct (w =? v); intros E; [injection E as <-; apply (null_not _ I) |].
      eapply (unl _ I); eauto.
  Qed.

  Lemma define_null_ok v at_ s A :
    ok s A -> ok (define_null M v at_ s) (a_null M (Some v) at_ A).
  Proof.
    intros K. unfold a_null. constructor.
    - intros l f E. apply know_learn in E. destruct E as [[-> [<- | []]] | E].
      + right. left. simpl. rewrite write_same. auto.
      + apply know_overwrite in E. destruct E as (E & Nl & O).
        change (know (rename v A) l f) in E. apply know_rename in E. destruct E as [E N].
        destruct (ok_facts _ _ K _ _ E)
          as [(w & i & Hw & Hn & Hh) | [(Hz & Hh) | (Hr & i & Hh & Hi)]].
        * left. exists w, i. simpl. assert (W : w <> v) by (intros ->; auto).
          apply Nat.eqb_neq in W. rewrite W, write_other; auto.
        * right. left. simpl. rewrite write_other; auto.
        * right. right. split; auto. exists i. simpl. rewrite write_other; auto.
    - intros w E. unfold knows_null, learn in E. cbn [k_nulls] in E.
      rewrite nulls_overwrite in E. cbn [k_nulls] in E. rewrite has_insert in E. simpl.
      destruct (w =? v); auto. apply (ok_nulls _ _ K). exact E.
  Qed.

  (** ** The collector (I4) *)

  Lemma collect_Inv roots s : Inv s -> Inv (collect M roots s).
  Proof.
    intros I. constructor; simpl; try apply I.
    - intros l i E. btrue. eapply (wf_hold _ I); eauto.
    - intros r l i j O Hr Hl. btrue. eapply (excl _ I); eauto.
  Qed.

  Lemma held_sound s A roots v :
    ok s A -> has (held roots A) v = true ->
    exists r i, In r roots /\ name s v = Some i /\ holds s r i = true.
  Proof.
    intros K H. unfold held in H. rewrite has_set_of in H. apply in_flat_map in H.
    destruct H as (r & Hr & H). apply in_flat_map in H. destruct H as (f & Hf & H).
    pose proof (ok_facts _ _ K r f Hf) as S.
    destruct f as [[| u [|]] []]; simpl in H; try tauto. destruct H as [-> | []].
    apply sat_just in S. destruct S as (i & Hn & Hh). eauto.
  Qed.

  Lemma collect_ok roots s A :
    Inv s -> ok s A ->
    (forall r, In r roots -> exists i, holds s r i = true /\ (isref s i = true \/ i = null)) ->
    ok (collect M roots s) (a_collect M T roots A).
  Proof.
    intros I K G. unfold a_collect. constructor.
    2:{ intros v E. unfold knows_null in E.
        rewrite (nulls_learn_all (fun r => r) (fun _ => [anyref])) in E.
        simpl in *. now apply (ok_nulls _ _ K). }
    intros l f E. apply (know_learn_all (fun r => r) (fun _ => [anyref])) in E.
    destruct E as [(r & Hr & -> & [<- | []]) | E].
    - apply sat_anyref. destruct (G _ Hr) as (i & Hh & Hi). exists i. simpl.
      rewrite Hh. apply memb_In in Hr. rewrite Hr. auto.
    - apply know_keep in E. destruct E as [E Q]. pose proof (ok_facts _ _ K _ _ E) as S.
      destruct (has (set_of roots) l) eqn:L.
      + apply has_set_of in L. apply memb_In in L.
        destruct S as [(w & i & Hw & Hn & Hh) | [(Hz & Hh) | (Hr & i & Hh & Hi)]].
        * left. exists w, i. simpl. rewrite Hh, L. auto.
        * right. left. simpl. rewrite Hh, L. auto.
        * right. right. split; auto. exists i. simpl. rewrite Hh, L. auto.
      + btrue. rename H into Rf, H0 into Q. rewrite forallb_forall in Q.
        assert (NO : forall i, holds s l i = true -> existsb (fun r => overl M r l) roots = false).
        { intros i Hi. destruct (existsb _ roots) eqn:X; auto. exfalso.
          rewrite existsb_exists in X. destruct X as (r & Hr & O).
          destruct (G _ Hr) as (j & Hj & _). eapply (excl _ I); eauto. }
        destruct S as [(w & i & Hw & Hn & Hh) | [(Hz & Hh) | (Hr & _)]]; [| | congruence].
        * left. exists w, i. split; auto. split; auto. simpl. rewrite Hh, (NO _ Hh). simpl.
          rewrite andb_true_r. apply orb_true_iff. right.
          specialize (Q _ Hw). apply orb_true_iff in Q. destruct Q as [Q | Q]; btrue.
          -- rewrite (unl _ I _ _ Q Hn). reflexivity.
          -- apply orb_true_iff. right. destruct (moving M); [rewrite has_empty in Q; discriminate |].
             simpl. destruct (held_sound s A roots w K Q) as (r & j & Hr & Hnj & Hj).
             rewrite existsb_exists. exists r. split; auto. congruence.
        * right. left. split; auto. simpl. rewrite Hh, (NO _ Hh), (null_not _ I). simpl.
          now rewrite orb_true_r.
  Qed.
End Facts.
