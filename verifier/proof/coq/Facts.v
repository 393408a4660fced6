(** What the checker knows of a state is true of it: each of I1 to I5 keeps that. *)
From Coq Require Import List Arith Bool Lia.
Import ListNotations.
From SM Require Import Maps Model Machines Certificate Checker Known.

Section Facts.
  Variable M : model.
  Variable C : certificate.
  Variable W : world.

  Notation T := (tables_of M C).
  Notation listed := (listed T).
  Notation always := (always T).

  (** The fact is true of what is in the location, and of what is in no location. *)
  Definition sat (b : b_state) (h : memory) (l : loc) (f : fact) : Prop :=
    exists w, h l = Some w /\
      ((exists v, In v (f_vals f) /\ env b v = Some w) \/
       (allows_null (f_else f) = true /\ w = null) \/
       (allows_reference (f_else f) = true /\ In w (objects b))).

  (** No two locations that share bytes hold something; what is always a reference is one, or
      null; a reference is where an object is; and what is one on some path is listed. *)
  Record Inv (b : b_state) (h : memory) : Prop := {
    excl : forall r l x y, overl M r l = true -> h r = Some x -> h l = Some y -> False;
    alw : forall v w, always v = true -> env b v = Some w -> is_ref b v = true \/ w = null;
    obj : forall v w, is_ref b v = true -> env b v = Some w -> In w (objects b);
    lst : forall v, is_ref b v = true -> listed v = true }.

  (** All that is known is true. *)
  Record ok (b : b_state) (h : memory) (A : known) : Prop := {
    ok_facts : forall l f, know A l f -> sat b h l f;
    ok_nulls : forall v, knows_null A v = true -> env b v = Some null;
    ok_named : named A }.

  (** What is true in one state of *before* is true in the other. *)
  Record same (b b' : b_state) : Prop := {
    same_env : forall v, env b v = env b' v;
    same_ref : forall v, is_ref b v = is_ref b' v;
    same_objects : forall w, In w (objects b) -> In w (objects b') }.

  Lemma same_refl b : same b b.
  Proof. constructor; auto. Qed.

  Lemma same_Inv b b' h : same b b' -> Inv b h -> Inv b' h.
  Proof.
    intros [E R O] [X A B L]. constructor; auto; intros v; [intros w | intros w |].
    - rewrite <- E, <- R. auto.
    - rewrite <- E, <- R. eauto.
    - rewrite <- R. auto.
  Qed.

  Lemma same_ok b b' h A : same b b' -> ok b h A -> ok b' h A.
  Proof.
    intros [E R O] [F N D]. constructor; [| | exact D].
    - intros l f H. destruct (F _ _ H) as (w & Hw & [(v & Hv & Ev) | [Hn | [Hr Ho]]]); exists w;
        split; auto. left. exists v. rewrite <- E. auto.
    - intros v H. rewrite <- E. auto.
  Qed.

  Lemma implies_sat b h l f w :
    Inv b h -> implies T f w = true -> sat b h l f -> sat b h l w.
  Proof.
    intros I H (x & Hx & S). unfold implies in H. btrue. rename H into L, H0 into V.
    rewrite forallb_forall in V. exists x. split; auto.
    destruct S as [(v & Hv & Hn) | [(Hz & ->) | (Hr & Ho)]].
    - specialize (V v Hv). apply orb_true_iff in V. destruct V as [V | V].
      + left. exists v. rewrite memb_In in V. auto.
      + btrue. destruct (alw _ _ I _ _ H0 Hn) as [R | ->].
        * right. right. split; auto. exact (obj _ _ I _ _ R Hn).
        * right. left. split; auto. now destruct (f_else w).
    - right. left. split; auto. now destruct (f_else f), (f_else w).
    - right. right. split; [now destruct (f_else f), (f_else w) | auto].
  Qed.

  Lemma widened_sat b h A l w : ok b h A -> sat b h l (widened A w) -> sat b h l w.
  Proof.
    intros K S. unfold widened in S. destruct (existsb (knows_null A) (f_vals w)) eqn:E; auto.
    rewrite existsb_exists in E. destruct E as (v & Hv & E). apply (ok_nulls _ _ _ K) in E.
    destruct S as (x & Hx & [S | [(_ & ->) | (Hr & S)]]); simpl in *; exists x || exists null;
      split; auto.
    - left. exists v. auto.
    - right. right. split; auto. now destruct (f_else w).
  Qed.

  Lemma proves_sat b h A l w : Inv b h -> ok b h A -> proves T A l w = true -> sat b h l w.
  Proof.
    intros I K H. unfold proves in H. rewrite existsb_exists in H. destruct H as (f & Hin & H).
    apply (widened_sat b h A); auto. eapply implies_sat; eauto. now apply (ok_facts _ _ _ K).
  Qed.

  Lemma sat_just b h l v : sat b h l (just v) <-> exists w, h l = Some w /\ env b v = Some w.
  Proof.
    split.
    - intros (w & Hw & [(x & [-> | []] & Hn) | [(E & _) | (E & _)]]);
        [eauto | discriminate | discriminate].
    - intros (w & Hw & Hn). exists w. split; auto. left. exists v. simpl; auto.
  Qed.

  Lemma sat_anyref b h l :
    sat b h l anyref <-> exists w, h l = Some w /\ (w = null \/ In w (objects b)).
  Proof.
    split.
    - intros (w & Hw & [(v & [] & _) | [(_ & H) | (_ & H)]]); eauto.
    - intros (w & Hw & [H | H]); exists w; split; simpl; auto.
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

  Lemma write_other at_ w h l : l <> at_ -> overl M at_ l = false -> write M at_ w h l = h l.
  Proof. intros N O. unfold write. apply Nat.eqb_neq in N. now rewrite N, O. Qed.
  Lemma write_same at_ w h : write M at_ w h at_ = w.
  Proof. unfold write. now rewrite Nat.eqb_refl. Qed.
  Lemma write_cases at_ w h l x :
    write M at_ w h l = Some x ->
    (l = at_ /\ w = Some x) \/ (l <> at_ /\ overl M at_ l = false /\ h l = Some x).
  Proof.
    unfold write. destruct (l =? at_) eqn:E; btrue; auto.
    destruct (overl M at_ l) eqn:O; [discriminate | auto].
  Qed.

  Lemma write_excl at_ w h :
    (forall r l x y, overl M r l = true -> h r = Some x -> h l = Some y -> False) ->
    forall r l x y, overl M r l = true -> write M at_ w h r = Some x ->
                    write M at_ w h l = Some y -> False.
  Proof.
    intros X r l x y O Hr Hl.
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
  Lemma named_overwrite at_ A : named A -> named (overwrite M at_ A).
  Proof. unfold overwrite. destruct (cell_of M at_); auto using named_forget, named_keep. Qed.
  Lemma nulls_overwrite at_ A : k_nulls (overwrite M at_ A) = k_nulls A.
  Proof. unfold overwrite. now destruct (cell_of M at_). Qed.

  Lemma write_Inv at_ w b h : Inv b h -> Inv b (write M at_ w h).
  Proof. intros I. constructor; try apply I. apply write_excl. apply I. Qed.

  Lemma sat_write at_ w b h l f :
    sat b h l f -> l <> at_ -> overl M at_ l = false -> sat b (write M at_ w h) l f.
  Proof. intros (x & Hx & S) N O. exists x. rewrite write_other; auto. Qed.

  Lemma overwrite_ok at_ w b h A : ok b h A -> ok b (write M at_ w h) (overwrite M at_ A).
  Proof.
    intros K. constructor; [| | apply named_overwrite; apply K].
    - intros l f E. apply know_overwrite in E. destruct E as (E & N & O).
      apply sat_write; auto. now apply (ok_facts _ _ _ K).
    - intros v E. unfold knows_null in E. rewrite nulls_overwrite in E. now apply (ok_nulls _ _ _ K).
  Qed.

  Lemma learn_ok b h A l fs : ok b h A -> (forall f, In f fs -> sat b h l f) -> ok b h (learn l fs A).
  Proof.
    intros K H. constructor; [| | apply named_learn; apply K].
    - intros x f E. apply know_learn in E. destruct E as [[-> E] | E]; auto.
      now apply (ok_facts _ _ _ K).
    - apply (ok_nulls _ _ _ K).
  Qed.

  (** ** Copies (I2) *)

  Lemma move_ok f t b h A : ok b h A -> ok b (write M t (h f) h) (a_move M f t A).
  Proof.
    intros K. unfold a_move. apply learn_ok; [now apply overwrite_ok |].
    intros g Hg. destruct (ok_facts _ _ _ K f g Hg) as (w & Hw & S).
    exists w. rewrite write_same. auto.
  Qed.

  (** ** Definitions (I1) *)

  Lemma know_rename v A l f :
    named A -> know (rename v A) l f -> know A l f /\ ~ In v (f_vals f).
  Proof.
    unfold rename. intros D H. destruct (has (k_named A) v) eqn:E.
    - apply know_keep in H. destruct H as [H N]. btrue. now apply memb_not_In in N.
    - split; auto. intros V. specialize (D _ _ _ H V). congruence.
  Qed.
  Lemma named_rename v A : named A -> named (rename v A).
  Proof. unfold rename. destruct (has _ v); auto using named_keep. Qed.
  Lemma nulls_rename v A : k_nulls (rename v A) = k_nulls A.
  Proof. unfold rename. now destruct (has _ v). Qed.

  Lemma renamed_ok r v w b h A :
    ok b h A -> ok (bind1 r v (Some w) b) h (Known (k_facts (rename v A)) (drop v (k_nulls A)) (k_named (rename v A))).
  Proof.
    intros K. constructor; [| | apply (named_rename v), K].
    - intros l f E. change (know (rename v A) l f) in E.
      apply know_rename in E; [| apply K]. destruct E as [E N].
      destruct (ok_facts _ _ _ K _ _ E) as (x & Hx & S). exists x. split; auto.
      destruct S as [(u & Hu & Hn) | [S | (Hr & S)]]; auto.
      + left. exists u. simpl. assert (U : u <> v) by (intros ->; auto).
        apply Nat.eqb_neq in U. rewrite U. auto.
      + right. right. split; auto. simpl. destruct r; simpl; auto.
    - intros u E. unfold knows_null in E. simpl in E. rewrite has_drop in E. btrue. simpl.
      apply Nat.eqb_neq in H. rewrite H. now apply (ok_nulls _ _ _ K).
  Qed.

  Lemma bind1_Inv r v w b h :
    (always v = true -> r = true \/ w = null) -> (r = true -> listed v = true) ->
    Inv b h -> Inv (bind1 r v (Some w) b) h.
  Proof.
    intros Ha Hl I. constructor; [apply I | | |].
    - intros u x Au. simpl. destruct (u =? v) eqn:E; intros H.
      + injection H as <-. btrue. subst. auto.
      + exact (alw _ _ I _ _ Au H).
    - intros u x. simpl. destruct (u =? v) eqn:E; intros R H.
      + injection H as <-. rewrite R. now left.
      + pose proof (obj _ _ I _ _ R H). destruct r; simpl; auto.
    - intros u. simpl. destruct (u =? v) eqn:E; btrue; [subst; auto | apply (lst _ _ I)].
  Qed.

  Lemma overwrite_drop at_ v A N :
    overwrite M at_ (Known (k_facts (rename v A)) N (k_named (rename v A))) =
    Known (k_facts (overwrite M at_ (rename v A))) N (k_named (overwrite M at_ (rename v A))).
  Proof. unfold overwrite. now destruct (cell_of M at_). Qed.

  Lemma define_ok r v at_ w b h A :
    ok b h A -> ok (bind1 r v (Some w) b) (write M at_ (Some w) h) (a_define M v at_ A).
  Proof.
    intros K. unfold a_define. apply learn_ok.
    - apply (renamed_ok r v w) in K. apply (overwrite_ok at_ (Some w)) in K.
      rewrite overwrite_drop in K. rewrite nulls_overwrite, nulls_rename. exact K.
    - intros f [<- | []]. apply sat_just. exists w. rewrite write_same. simpl.
      now rewrite Nat.eqb_refl.
  Qed.

  (** ** Null (I5) *)

  Lemma write_null_ok at_ b h A : ok b h A -> ok b (write M at_ (Some null) h) (a_null M None at_ A).
  Proof.
    intros K. apply learn_ok; [now apply overwrite_ok |].
    intros f [<- | []]. exists null. rewrite write_same. auto.
  Qed.

  Lemma define_null_ok v at_ b h A :
    ok b h A ->
    ok (bind1 false v (Some null) b) (write M at_ (Some null) h) (a_null M (Some v) at_ A).
  Proof.
    intros K. unfold a_null. apply learn_ok.
    - apply overwrite_ok. apply (renamed_ok false v null) in K.
      constructor; [| | exact (ok_named _ _ _ K)].
      + exact (ok_facts _ _ _ K).
      + intros u E. unfold knows_null in E. cbn [k_nulls] in E.
        rewrite nulls_rename, has_insert in E.
        destruct (u =? v) eqn:U; simpl; rewrite U; auto. 
        assert (X : env (bind1 false v (Some null) b) u = Some null).
        { apply (ok_nulls _ _ _ K). unfold knows_null. simpl. rewrite has_drop, U. exact E. }
        simpl in X. now rewrite U in X.
    - intros f [<- | []]. exists null. rewrite write_same. auto.
  Qed.

  (** ** The collector (I4) *)

  Notation b_collect t b := (b_collect W t b).
  Notation a_collect' t roots h := (Machines.a_collect M W t roots h).

  Lemma move_null t : move W t null = null.
  Proof. reflexivity. Qed.

  Lemma always_listed v : always v = true -> listed v = true.
  Proof.
    unfold Checker.always, Checker.listed, has.
    destruct (get (t_refs T) v) as [[? ?]|]; simpl; auto.
  Qed.

  Lemma collect_Inv t roots b h : Inv b h -> Inv (b_collect t b) (a_collect' t roots h).
  Proof.
    intros I.
    assert (X : forall l w, a_collect' t roots h l = Some w -> exists x, h l = Some x).
    { intros l w. unfold Machines.a_collect. destruct (memb l roots).
      - destruct (h l); [eauto | discriminate].
      - destruct (existsb _ roots); [discriminate | eauto]. }
    constructor.
    - intros r l x y O Hr Hl. apply X in Hr. apply X in Hl. destruct Hr, Hl.
      eapply (excl _ _ I); eauto.
    - intros v w Av. simpl. destruct (is_ref b v) eqn:R; auto. intros E.
      destruct (alw _ _ I _ _ Av E) as [O | ->]; auto. congruence.
    - intros v w R. simpl in *. rewrite R. destruct (env b v) as [x|] eqn:E; [| discriminate].
      simpl. intros H. injection H as <-. apply in_map. exact (obj _ _ I _ _ R E).
    - apply (lst _ _ I).
  Qed.

  Lemma held_sound b h A roots v :
    ok b h A -> has (held roots A) v = true ->
    exists r w, In r roots /\ h r = Some w /\ env b v = Some w.
  Proof.
    intros K H. unfold held in H. rewrite has_set_of in H. apply in_flat_map in H.
    destruct H as (r & Hr & H). apply in_flat_map in H. destruct H as (f & Hf & H).
    pose proof (ok_facts _ _ _ K r f Hf) as S.
    destruct f as [[| u [|]] []]; simpl in H; try tauto. destruct H as [-> | []].
    apply sat_just in S. destruct S as (w & Hw & Hn). eauto.
  Qed.

  (** If objects do not move, what the roots hold does not. *)
  Definition stays t roots (h : memory) : Prop :=
    moving M = false -> forall r w, In r roots -> h r = Some w -> move W t w = w.

  Lemma collect_ok t roots b h A :
    Inv b h -> ok b h A -> stays t roots h ->
    (forall r, In r roots -> exists w, h r = Some w /\ (w = null \/ In w (objects b))) ->
    ok (b_collect t b) (a_collect' t roots h) (a_collect M T roots A).
  Proof.
    intros I K St G. unfold a_collect. constructor;
      [| | apply (named_learn_all (fun r => r) (fun _ => [anyref])), named_keep, K].
    2:{ intros v E. unfold knows_null in E.
        rewrite (nulls_learn_all (fun r => r) (fun _ => [anyref])) in E.
        simpl in E. apply (ok_nulls _ _ _ K) in E. simpl. rewrite E. simpl.
        rewrite move_null. now destruct (is_ref b v). }
    intros l f E. apply (know_learn_all (fun r => r) (fun _ => [anyref])) in E.
    destruct E as [(r & Hr & -> & [<- | []]) | E].
    - apply sat_anyref. destruct (G _ Hr) as (w & Hw & Ho). exists (move W t w).
      unfold Machines.a_collect. apply memb_In in Hr. rewrite Hr, Hw. split; auto.
      destruct Ho as [-> | Ho]; auto. right. simpl. now apply in_map.
    - apply know_keep in E. destruct E as [E Q]. destruct (ok_facts _ _ _ K _ _ E) as (w & Hw & S).
      destruct (has (set_of roots) l) eqn:L.
      + apply has_set_of in L. pose proof L as L'. apply memb_In in L.
        exists (move W t w). unfold Machines.a_collect. rewrite L, Hw. split; auto.
        destruct S as [(v & Hv & Hn) | [(Hz & ->) | (Hr & Ho)]]; auto.
        * left. exists v. split; auto. simpl. rewrite Hn.
          destruct (is_ref b v) eqn:Rv; auto. f_equal. apply andb_true_iff in Q.
          destruct Q as [_ Q]. destruct (moving M) eqn:Mo; [| symmetry; eapply St; eauto].
          simpl in Q. rewrite forallb_forall in Q.
          destruct (alw _ _ I _ _ (Q _ Hv) Hn) as [Z | ->]; [congruence | reflexivity].
        * right. right. split; auto. simpl. now apply in_map.
      + btrue. rename H into Rf, H0 into Q. rewrite forallb_forall in Q.
        assert (NM : memb l roots = false).
        { apply memb_not_In. intros X. apply has_set_of in X. congruence. }
        assert (NO : existsb (fun r => overl M r l) roots = false).
        { destruct (existsb _ roots) eqn:X; auto. exfalso.
          rewrite existsb_exists in X. destruct X as (r & Hr & O).
          destruct (G _ Hr) as (x & Hx & _). eapply (excl _ _ I); eauto. }
        exists w. unfold Machines.a_collect. rewrite NM, NO. split; auto.
        destruct S as [(v & Hv & Hn) | [S | (Hr & _)]]; [| auto | congruence].
        left. exists v. split; auto. simpl. rewrite Hn.
        destruct (is_ref b v) eqn:Rv; auto. specialize (Q _ Hv).
        rewrite (lst _ _ I _ Rv) in Q. simpl in Q.
        destruct (moving M) eqn:Mo; [rewrite has_empty in Q; discriminate |].
        destruct (held_sound b h A roots v K Q) as (r & x & Hr & Hx & Hvx).
        simpl. f_equal. rewrite Hn in Hvx. injection Hvx as <-. eapply St; eauto.
  Qed.
End Facts.
