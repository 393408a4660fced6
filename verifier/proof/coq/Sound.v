(** If the checker accepts, nothing goes wrong on any path. *)
From Coq Require Import List Arith Bool Lia.
Import ListNotations.
From SM Require Import Maps Model Checker Facts Steps References.

Section Sound.
  Variable M : model.
  Variable C : certificate.
  Variable refs : val -> bool.
  Hypothesis refs_spec : forall v, refs v = true <-> reference M v.
  Hypothesis accepted : check M C = true.

  Notation T := (tables_of M C).

  Lemma check_parts :
    c_start M T (c_blocks C) = true /\ c_order M (insert 0 empty) (c_blocks C) = true /\
    c_entries M T 0 (c_blocks C) = true /\ c_references M T C = true /\
    c_distinct M empty (seq 0 (locations M)) = true.
  Proof.
    pose proof accepted as H. unfold check, check_with in H.
    apply andb_true_iff in H. destruct H as [H H5].
    apply andb_true_iff in H. destruct H as [H H4].
    apply andb_true_iff in H. destruct H as [H H3].
    apply andb_true_iff in H. destruct H as [H1 H2]. auto.
  Qed.

  Lemma refs_listed v : refs v = listed T v.
  Proof.
    destruct check_parts as (H1 & H2 & H3 & H4 & H5).
    pose proof (listed_iff_reference M C H1 H2 H3 H4 v) as X. pose proof (refs_spec v) as Y.
    destruct (refs v), (listed T v); auto; exfalso.
    - assert (false = true) by tauto. discriminate.
    - assert (false = true) by tauto. discriminate.
  Qed.

  (** Whenever a block is entered, it is listed, and what is claimed of it is true. *)
  Definition entered (b : blk) (pending : option (blk * nat)) (s : state) : Prop :=
    exists i e, nth_error (c_blocks C) i = Some e /\ e_block e = b /\ e_pending e = pending /\
                Inv M C s /\ ok s (claimed e).

  Lemma start_entered : entered 0 None (start M).
  Proof.
    destruct check_parts as (H1 & H2 & H3 & H4 & H5).
    pose proof H1 as S. unfold c_start in S. unfold start.
    destruct (c_blocks C) as [| e r] eqn:Es; [discriminate |].
    destruct (ablock_at M 0) as [ab|] eqn:Ab; [| discriminate].
    destruct (bblock_at M 0) as [bb|] eqn:Bb; [| discriminate].
    apply andb_true_iff in S. destruct S as [S S5]. apply andb_true_iff in S. destruct S as [S S6].
    apply andb_true_iff in S. destruct S as [S S4].
    apply andb_true_iff in S. destruct S as [S _].
    apply andb_true_iff in S. destruct S as [S S3]. apply andb_true_iff in S. destruct S as [S1 S2].
    apply Nat.eqb_eq in S1, S3. rewrite forallb_forall in S4, S5, S6.
    assert (HD : forall v, is_declared M v = true -> listed T v = true)
      by (rewrite <- Es in *; apply (declared_listed M C H4)).
    assert (X : Inv M C (define_params M (combine (b_params bb) (a_params ab)) nothing) /\
                ok (define_params M (combine (b_params bb) (a_params ab)) nothing)
                   (a_params_defined M (combine (b_params bb) (a_params ab)) unknown)).
    { apply define_params_ok; auto.
      - intros v Hv Av. apply in_map_iff in Hv. destruct Hv as ((w & l) & <- & Hv). simpl in *.
        apply in_combine_l in Hv. specialize (S4 _ Hv). rewrite Av in S4. simpl in S4.
        now rewrite <- decl_is with (C := C).
      - apply nothing_Inv.
      - apply unknown_ok. }
    destruct X as [I K]. exists 0, e. rewrite Es. split; auto. split; auto. split; [| split; auto].
    - rewrite <- Es in *.
      assert (N : nth_error (c_blocks C) 0 = Some e) by now rewrite Es.
      destruct (entry_parts M C H3 _ _ N) as (ab' & A & Ab' & _ & Sh & _).
      rewrite S1, Ab in Ab'. injection Ab' as <-.
      destruct (a_mirrors ab) as [[|]|]; try discriminate. destruct (e_pending e); [tauto | auto].
    - apply claimed_ok.
      + intros [l f] Hc. specialize (S5 _ Hc). eapply proves_sat; eauto.
      + intros v Hv. specialize (S6 _ Hv). now apply (ok_nulls _ _ K).
  Qed.

  Lemma entered_good b p s : entered b p s -> good_config M refs b p s.
  Proof.
    destruct check_parts as (H1 & H2 & H3 & H4 & H5).
    intros (i & e & N & <- & <- & I & K).
    destruct (entry_parts M C H3 _ _ N) as (ab & A & Ab & Bl & Sh & Ed & En & _).
    destruct (block_ok M C refs refs_listed _ _ _ _ _ I K Bl) as (G & _ & _).
    exists ab. split; auto. split; auto. split.
    - unfold ops_of in G. destruct (a_mirrors ab) as [m|], (e_pending e) as [[m' k]|]; try tauto.
      destruct Sh as (bb & Bb & Be & Le). rewrite Bb in G. eauto.
    - intros k t args X. apply Ed in X. apply edge_parts in X.
      destruct X as (j & e2 & at_ & m & k' & t' & vs & params & passed & N2 & B2 & At & Tk & Bd & Bo &
                     Mt & _ & _ & La & Lp & Pl & _).
      exists m, k', t', vs, at_. repeat split; auto.
      destruct (a_mirrors at_) as [m'|]; auto.
      destruct Mt as (-> & -> & bt & Bt & ->). split; auto. exists bt. auto.
  Qed.

  Lemma edge_entered b p s ab k t args at_ :
    entered b p s -> ablock_at M b = Some ab -> nth_error (a_edges ab) k = Some (t, args) ->
    ablock_at M t = Some at_ ->
    let s' := do_block M refs (ops_of M (a_mirrors ab)) (a_instrs ab) s in
    let tk := taken ab p k in
    entered t (match a_mirrors at_ with Some _ => None | None => tk end) (do_edge M tk at_ args s').
  Proof.
    destruct check_parts as (H1 & H2 & H3 & H4 & H5).
    intros (i & e & N & <- & <- & I & K) Ab X At s' tk.
    destruct (entry_parts M C H3 _ _ N) as (ab' & A & Ab' & Bl & Sh & Ed & _).
    rewrite Ab in Ab'. injection Ab' as <-.
    destruct (block_ok M C refs refs_listed _ _ _ _ _ I K Bl) as (_ & I' & K').
    fold s' in I', K'. pose proof (Ed _ _ X) as E. apply edge_parts in E.
    destruct E as (j & e2 & at2 & m & k' & t' & vs & params & passed & N2 & B2 & At2 & Tk & Bd & Bo &
                   Mt & Dl & Dp & Ll & Lp & _ & F & HN & HC & HA).
    rewrite At in At2. injection At2 as <-. fold tk in Tk, Bo, Mt.
    assert (HL : forall p a, In (p, a) (combine params passed) -> listed T a = true -> listed T p = true).
    { intros q a Hq. apply (flow_listed M C); auto. unfold flows. apply in_flat_map. exists e.
      split; [eapply nth_error_In; eauto |]. unfold entry_flows. rewrite Ab.
      apply in_or_app. right. apply edge_flows_In. simpl.
      exists k, t, args, at_, params, passed. fold tk. repeat split; auto. now apply combine_swap. }
    pose proof (declared_listed M C H4) as HD.
    destruct (edge_ok M C s' A params passed (a_params at_) args e2
                I' K' Dl Dp Ll Lp F HN HC HA HL HD) as [I2 K2].
    exists j, e2. split; auto. split; auto. unfold do_edge. rewrite Tk.
    destruct (a_mirrors at_) as [m'|] eqn:Mi.
    - destruct Mt as (-> & -> & bt & Bt & ->). rewrite Bt, Bd. split; auto.
      destruct (entry_parts M C H3 _ _ N2) as (ab2 & A2 & Ab2 & _ & Sh2 & _).
      rewrite B2, At in Ab2. injection Ab2 as <-. rewrite Mi in Sh2.
      destruct (e_pending e2); [tauto | auto].
    - destruct Mt as (-> & -> & Ep & _). rewrite <- Tk. split; auto.
  Qed.

  Lemma reach_entered b p s : reach M refs b p s -> entered b p s.
  Proof.
    induction 1 as [| b p s ab k t args at_ _ IH Ab X At].
    - apply start_entered.
    - eapply edge_entered; eauto.
  Qed.

  (** Whatever path is taken, however long: both programs are in lockstep, each operand is
      read where a fresh copy of the meant instance is, each root is a fresh reference. *)
  Theorem sound b p s : reach M refs b p s -> good_config M refs b p s.
  Proof. intros R. apply entered_good, reach_entered, R. Qed.

  Lemma distinct_from l n : forall ls seen,
    c_distinct M seen ls = true -> In l ls -> place_at M l = Some (Named n) -> has seen n = false.
  Proof.
    induction ls as [| x r IH]; intros seen H [] P; simpl in H.
    - subst. rewrite P in H. apply andb_true_iff in H. now apply negb_true_iff.
    - destruct (place_at M x) as [[c | m]|]; [eauto | | eauto].
      apply andb_true_iff in H. destruct H as [_ H]. specialize (IH _ H H0 P).
      rewrite has_insert in IH. now apply orb_false_iff in IH.
  Qed.

  Lemma distinct_once l l' n : forall ls seen,
    c_distinct M seen ls = true -> In l ls -> In l' ls ->
    place_at M l = Some (Named n) -> place_at M l' = Some (Named n) -> l = l'.
  Proof.
    assert (Later : forall r seen x y, c_distinct M seen (x :: r) = true -> In y r ->
              place_at M x = Some (Named n) -> place_at M y = Some (Named n) -> False).
    { intros r seen x y H Hy Px Py. simpl in H. rewrite Px in H. apply andb_true_iff in H.
      destruct H as [_ H]. apply (distinct_from y n) in H; auto.
      rewrite has_insert, Nat.eqb_refl in H. discriminate. }
    induction ls as [| x r IH]; intros seen H Hl Hl' P P'; [destruct Hl |].
    destruct Hl as [-> | Hl], Hl' as [-> | Hl']; auto.
    - exfalso. eauto.
    - exfalso. eauto.
    - simpl in H. destruct (place_at M x) as [[c | m]|]; [eauto | | eauto].
      apply andb_true_iff in H. destruct H as [_ H]. eauto.
  Qed.

  (** Both functions are entered alike, and locations are places. *)
  Theorem sound_start : good_start M.
  Proof.
    destruct check_parts as (S & _ & _ & _ & D). split.
    - intros l l' n P P'.
      assert (X : forall x, place_at M x = Some (Named n) -> In x (seq 0 (locations M))).
      { intros x Px. apply in_seq. unfold place_at in Px.
        destruct (x <? locations M) eqn:L; [| discriminate]. apply Nat.ltb_lt in L. lia. }
      eapply distinct_once; eauto.
    - unfold c_start in S.
      destruct (c_blocks C) as [| e r]; [discriminate |].
      destruct (ablock_at M 0) as [ab|]; [| discriminate].
      destruct (bblock_at M 0) as [bb|]; [| discriminate].
      apply andb_true_iff in S. destruct S as [S _]. apply andb_true_iff in S. destruct S as [S _].
      apply andb_true_iff in S. destruct S as [S _].
      apply andb_true_iff in S. destruct S as [S S4]. apply andb_true_iff in S. destruct S as [S S3].
      apply andb_true_iff in S. destruct S as [_ S2]. apply Nat.eqb_eq in S3.
      exists ab, bb. repeat split; auto. destruct (a_mirrors ab) as [[|]|]; try discriminate. auto.
  Qed.

  Lemma listed_ends n : forall i e,
    length (c_blocks C) - i <= n -> nth_error (c_blocks C) i = Some e -> ends M (e_block e).
  Proof.
    destruct check_parts as (H1 & H2 & H3 & H4 & H5).
    induction n as [| n IH]; intros i e L N; constructor; intros ab k t args at_ Ab Mi X At Mt.
    - assert (i < length (c_blocks C)) by (apply nth_error_Some; congruence). lia.
    - destruct (entry_parts M C H3 _ _ N) as (ab' & A & Ab' & _ & _ & Ed & _).
      rewrite Ab in Ab'. injection Ab' as <-. apply Ed in X. apply edge_parts in X.
      destruct X as (j & e2 & at2 & m & k' & t' & vs & params & passed & N2 & B2 & At2 & _ & _ & _ &
                     M2 & _).
      rewrite At in At2. injection At2 as <-. rewrite Mt, Mi in M2.
      destruct M2 as (_ & _ & _ & Lt). specialize (Lt eq_refl).
      assert (i < length (c_blocks C)) by (apply nth_error_Some; congruence).
      rewrite <- B2. apply (IH j); auto. lia.
  Qed.

  Theorem sound_ends b p s : reach M refs b p s -> ends M b.
  Proof.
    intros R. apply reach_entered in R. destruct R as (i & e & N & <- & _).
    apply (listed_ends (length (c_blocks C)) i); auto. lia.
  Qed.
End Sound.

(** The list of references of an accepted certificate decides what is one: the hypothesis
    above can be met. *)
Theorem references_decided M C :
  check M C = true -> forall v, listed (tables_of M C) v = true <-> reference M v.
Proof.
  intros H v. destruct (check_parts M C H) as (H1 & H2 & H3 & H4 & _).
  apply listed_iff_reference; auto.
Qed.

Corollary checked M C b p s :
  check M C = true ->
  reach M (listed (tables_of M C)) b p s -> good_config M (listed (tables_of M C)) b p s.
Proof. intros H. apply (sound M C _ (references_decided M C H) H). Qed.

Print Assumptions sound.
Print Assumptions sound_start.
Print Assumptions sound_ends.
Print Assumptions references_decided.
Print Assumptions checked.
