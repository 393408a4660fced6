(** The list of references is right: R1 and R2. *)
From Coq Require Import List Arith Bool Lia.
Import ListNotations.
From SM Require Import Maps Model Machines Certificate Checker Known Edges Entries.

Lemma ranks_In l v : forall n m x, get (ranks n l m) v = Some x ->
  In v (List.map fst l) \/ get m v = Some x.
Proof.
  induction l as [| [w a] l IH]; simpl; intros n m x E; auto.
  apply IH in E. destruct E as [E | E]; auto.
  rewrite get_put in E. destruct (v =? w) eqn:W; auto. btrue. auto.
Qed.

Section References.
  Variable M : model.
  Variable C : certificate.
  Notation T := (tables_of M C).
  Notation es := (c_blocks C).
  Notation listed := (listed T).

  Hypothesis Start : c_start M T es = true.
  Hypothesis Order : c_order M (insert 0 empty) es = true.
  Hypothesis Entries : c_entries M T 0 es = true.
  Hypothesis Refs : c_references M T C = true.

  (** ** All that is listed is reached *)

  Definition stands (e : entry) : Prop :=
    exists ab, ablock_at M (e_block e) = Some ab /\
      match a_counterpart ab with
      | Some m => breach M m
      | None => exists m k, e_pending e = Some (m, k) /\ breach M m
      end.

  Lemma listed_is_reached i : forall e, nth_error es i = Some e -> stands e.
  Proof.
    induction i as [i IH] using (well_founded_induction lt_wf). intros e N.
    destruct (order_nth _ _ _ _ _ Order N) as [Z | (j & e' & ab & Hj & Nj & Aj & Hin)].
    - rewrite has_insert, has_empty, orb_false_r in Z. btrue.
      unfold c_start in Start. unfold stands. rewrite Z.
      destruct es; [discriminate |]. destruct (ablock_at M 0) as [ab|]; [| discriminate].
      destruct (bblock_at M 0); [| discriminate]. btrue.
      exists ab. split; auto. destruct (a_counterpart ab) as [[|]|]; try discriminate.
      apply breach_entry.
    - destruct (IH _ Hj _ Nj) as (ab' & Aj' & St). rewrite Aj in Aj'. injection Aj' as <-.
      apply in_map_iff in Hin. destruct Hin as ([t args] & Et & Hin). simpl in Et. subst t.
      apply In_nth_error in Hin. destruct Hin as (k & Hk).
      destruct (entry_parts _ _ Entries _ _ Nj) as (ab2 & A & A2 & _ & _ & Ed & _).
      rewrite Aj in A2. injection A2 as <-. apply Ed in Hk. apply edge_parts in Hk.
      destruct Hk as (j2 & e2 & at_ & m & k' & t' & vs & params & passed & N2 & B2 & At & Tk & Bd &
                      _ & Mi & _).
      assert (e2 = e).
      { eapply (listed_once _ _ Entries); eauto. }
      subst e2.
      assert (Bm : breach M m).
      { unfold taken in Tk. destruct (a_counterpart ab) as [m0|].
        - injection Tk as -> _. exact St.
        - destruct St as (m0 & k0 & Ep & Bm). rewrite Ep in Tk. now injection Tk as -> _. }
      exists at_. split; auto. destruct (a_counterpart at_) as [m'|].
      + destruct Mi as (-> & _). eapply breach_edge; eauto.
      + destruct Mi as (_ & _ & Ep & _). exists m, k'. rewrite Ep. auto.
  Qed.

  (** ** All that is reached is listed *)

  Lemma lands n : forall i e ab m k,
    length es - i <= n ->
    nth_error es i = Some e -> ablock_at M (e_block e) = Some ab ->
    a_counterpart ab = None -> e_pending e = Some (m, k) ->
    exists i2 e2 ab2 k2 t2 args at_, nth_error es i2 = Some e2 /\
      ablock_at M (e_block e2) = Some ab2 /\ nth_error (a_edges ab2) k2 = Some (t2, args) /\
      taken ab2 (e_pending e2) k2 = Some (m, k) /\ ablock_at M t2 = Some at_ /\
      a_counterpart at_ <> None.
  Proof.
    induction n as [| n IH]; intros i e ab m k L N Ab Mi Ep.
    - assert (i < length es) by (apply nth_error_Some; congruence). lia.
    - destruct (entry_parts _ _ Entries _ _ N) as (ab' & A & Ab' & _ & Sh & Ed & _).
      rewrite Ab in Ab'. injection Ab' as <-. rewrite Mi, Ep in Sh.
      destruct (a_edges ab) as [| [t args] r] eqn:Ea; [discriminate |].
      pose proof (Ed 0 _ eq_refl) as H. apply edge_parts in H.
      destruct H as (j & e2 & at_ & m' & k' & t' & vs & params & passed & N2 & B2 & At & Tk & Bd &
                     _ & Mt & _).
      destruct (a_counterpart at_) as [mt|] eqn:Mt'.
      + exists i, e, ab, 0, t, args, at_. rewrite Ea. repeat split; auto; [| congruence].
        unfold taken. now rewrite Mi.
      + destruct Mt as (_ & _ & Ep2 & Lt). rewrite Mi in Lt. specialize (Lt eq_refl).
        assert (i < length es) by (apply nth_error_Some; congruence).
        eapply (IH j e2 at_); eauto; [lia | congruence |].
        rewrite Ep2. unfold taken. now rewrite Mi.
  Qed.

  Lemma edge_is_taken i e ab m k t vs :
    nth_error es i = Some e -> ablock_at M (e_block e) = Some ab -> a_counterpart ab = Some m ->
    bedge M m k = Some (t, vs) ->
    exists i2 e2 ab2 k2 t2 args at_ bt j e3, nth_error es i2 = Some e2 /\
      ablock_at M (e_block e2) = Some ab2 /\ nth_error (a_edges ab2) k2 = Some (t2, args) /\
      taken ab2 (e_pending e2) k2 = Some (m, k) /\ ablock_at M t2 = Some at_ /\
      bound M (Some (m, k)) at_ = Some (b_params bt, vs) /\ bblock_at M t = Some bt /\
      nth_error es j = Some e3 /\ e_block e3 = t2 /\ a_counterpart at_ = Some t.
  Proof.
    intros N Ab Mi Bd.
    assert (F : exists i2 e2 ab2 k2 t2 args at_, nth_error es i2 = Some e2 /\
      ablock_at M (e_block e2) = Some ab2 /\ nth_error (a_edges ab2) k2 = Some (t2, args) /\
      taken ab2 (e_pending e2) k2 = Some (m, k) /\ ablock_at M t2 = Some at_ /\
      a_counterpart at_ <> None).
    { destruct (entry_parts _ _ Entries _ _ N) as (ab' & A & Ab' & _ & Sh & Ed & _).
      rewrite Ab in Ab'. injection Ab' as <-. rewrite Mi in Sh.
      destruct (e_pending e); [destruct Sh |]. destruct Sh as (bb & Bb & _ & Le).
      assert (X : exists x, nth_error (a_edges ab) k = Some x).
      { unfold bedge in Bd. rewrite Bb in Bd.
        assert (k < length (a_edges ab)) by (rewrite Le; apply nth_error_Some; congruence).
        apply nth_error_Some in H. destruct (nth_error (a_edges ab) k); [eauto | congruence]. }
      destruct X as ([t2 args] & X). pose proof (Ed _ _ X) as H. apply edge_parts in H.
      destruct H as (j & e2 & at_ & m' & k' & t' & vs' & params & passed & N2 & B2 & At & Tk & _ &
                     _ & Mt & _).
      unfold taken in Tk. rewrite Mi in Tk. 
      destruct (a_counterpart at_) as [mt|] eqn:Mt'.
      - exists i, e, ab, k, t2, args, at_. repeat split; auto; [| congruence].
        unfold taken. now rewrite Mi.
      - destruct Mt as (_ & _ & Ep & _). unfold taken in Ep. rewrite Mi in Ep. subst t2.
        eapply (lands (length es) j e2 at_); eauto. lia. }
    destruct F as (i2 & e2 & ab2 & k2 & t2 & args & at_ & N2 & A2 & X2 & T2 & At2 & NM).
    destruct (entry_parts _ _ Entries _ _ N2) as (ab' & A & Ab' & _ & Sh & Ed & _).
    rewrite A2 in Ab'. injection Ab' as <-. pose proof (Ed _ _ X2) as H. rewrite T2 in H.
    apply edge_parts in H.
    destruct H as (j & e3 & at3 & m' & k' & t' & vs' & params & passed & N3 & B3 & At & Tk & Bd' &
                   Bo & Mt & _).
    rewrite At2 in At. injection At as <-. injection Tk as <- <-.
    rewrite Bd in Bd'. injection Bd' as <- <-.
    destruct (a_counterpart at_) as [mt|] eqn:Mt'; [| congruence].
    destruct Mt as (-> & -> & bt & Bt & ->).
    exists i2, e2, ab2, k2, t2, args, at_, bt, j, e3. repeat split; auto.
  Qed.

  Lemma reached_is_listed m : breach M m ->
    exists i e ab, nth_error es i = Some e /\ ablock_at M (e_block e) = Some ab /\
                   a_counterpart ab = Some m.
  Proof.
    induction 1 as [| m k t vs _ (i & e & ab & N & Ab & Mi) Bd].
    - unfold c_start in Start. destruct es as [| e r] eqn:Es; [discriminate |].
      destruct (ablock_at M 0) as [ab|] eqn:A0; [| discriminate].
      destruct (bblock_at M 0); [| discriminate]. btrue.
      exists 0, e, ab. repeat split; auto; [congruence |].
      destruct (a_counterpart ab) as [[|]|]; congruence.
    - destruct (edge_is_taken _ _ _ _ _ _ _ N Ab Mi Bd)
        as (i2 & e2 & ab2 & k2 & t2 & args & at_ & bt & j & e3 & _ & _ & _ & _ & At & _ & _ & N3 & B3 & Mt).
      exists j, e3, at_. rewrite B3. auto.
  Qed.

  (** ** Flows *)

  Lemma edge_flows_In tk a p l : forall n,
    In (a, p) (edge_flows M tk n l) <->
    exists k t args at_ params passed, nth_error l k = Some (t, args) /\
      ablock_at M t = Some at_ /\ bound M (tk (n + k)) at_ = Some (params, passed) /\
      In (a, p) (combine passed params).
  Proof.
    induction l as [| [t args] r IH]; intros n; simpl.
    - split; [tauto |]. intros (k & ? & ? & ? & ? & ? & X & _). destruct k; discriminate.
    - rewrite in_app_iff, IH. split.
      + intros [H | (k & t' & args' & at_ & params & passed & X & H)].
        * destruct (ablock_at M t) as [at_|] eqn:At; [| destruct H].
          destruct (bound M (tk n) at_) as [[params passed]|] eqn:B; [| destruct H].
          exists 0, t, args, at_, params, passed. rewrite Nat.add_0_r. auto.
        * exists (S k), t', args', at_, params, passed. rewrite Nat.add_succ_r. auto.
      + intros ([| k] & t' & args' & at_ & params & passed & X & At & B & H); simpl in X.
        * injection X as <- <-. rewrite Nat.add_0_r in B. left. now rewrite At, B.
        * right. exists k, t', args', at_, params, passed. rewrite Nat.add_succ_r in B. auto.
  Qed.

  Lemma op_flows_In o a d : In (a, d) (op_flows o) <-> In a (forwarded o) /\ In d (o_defs o).
  Proof.
    unfold op_flows. rewrite in_flat_map. split.
    - intros (x & Hx & H). apply in_map_iff in H. destruct H as (y & E & Hy).
      injection E as -> ->. auto.
    - intros (Ha & Hd). exists a. split; auto. apply in_map_iff. eauto.
  Qed.

  Lemma combine_swap {X Y} (a : X) (b : Y) : forall l l', In (a, b) (combine l l') -> In (b, a) (combine l' l).
  Proof.
    induction l as [| x l IH]; intros [| y l']; simpl; try tauto.
    intros [E | H]; [injection E as -> ->; auto | auto].
  Qed.

  Lemma edge_flow i e ab k t args at_ params passed a p :
    nth_error es i = Some e -> ablock_at M (e_block e) = Some ab ->
    nth_error (a_edges ab) k = Some (t, args) -> ablock_at M t = Some at_ ->
    bound M (taken ab (e_pending e) k) at_ = Some (params, passed) ->
    In (p, a) (combine params passed) -> In (a, p) (flows M es).
  Proof.
    intros N Ab X At B H. unfold flows. apply in_flat_map. exists e.
    split; [eapply nth_error_In; eauto |]. unfold entry_flows. rewrite Ab.
    apply in_or_app. right. apply edge_flows_In.
    exists k, t, args, at_, params, passed. repeat split; auto. now apply combine_swap.
  Qed.

  Lemma flow_refers a d : In (a, d) (flows M es) -> reference M a -> reference M d.
  Proof.
    unfold flows. rewrite in_flat_map. intros (e & He & H) Ra.
    apply In_nth_error in He. destruct He as (i & N).
    destruct (listed_is_reached _ _ N) as (ab & Ab & St).
    unfold entry_flows in H. rewrite Ab in H. apply in_app_or in H. destruct H as [H | H].
    - apply in_flat_map in H. destruct H as (o & Ho & H). apply op_flows_In in H.
      destruct H as (Ha & Hd). unfold ops_of in Ho. destruct (a_counterpart ab) as [m|]; [| destruct Ho].
      destruct (bblock_at M m) as [bb|] eqn:Bb; [| destruct Ho].
      eapply ref_forward; eauto.
    - apply edge_flows_In in H.
      destruct H as (k & t & args & at_ & params & passed & X & At & B & H). simpl in B.
      unfold bound in B. destruct (taken ab (e_pending e) k) as [[m k']|] eqn:T; [| discriminate].
      destruct (bedge M m k') as [[t' vs]|] eqn:Bd; [| discriminate].
      destruct (a_counterpart at_) as [m'|]; [| injection B as <- <-; destruct H].
      destruct (m' =? t') eqn:Q; [| discriminate]. btrue. subst m'.
      destruct (bblock_at M t') as [bt|] eqn:Bt; [| discriminate]. injection B as <- <-.
      apply combine_swap in H. eapply ref_edge; eauto.
      unfold taken in T. destruct (a_counterpart ab) as [m0|].
      + injection T as <- <-. exact St.
      + destruct St as (m0 & k0 & Ep & Bm). rewrite Ep in T. now injection T as <- <-.
  Qed.

  Lemma references_parts :
    (forall f, In f (flows M es) -> negb (listed (fst f)) || listed (snd f) = true) /\
    (forall v, In v (declared M) -> negb (decl T v) || listed v = true) /\
    (forall r, In r (c_refs C) ->
               decl T (fst r) || has (received T (flows M es)) (fst r) = true).
  Proof.
    pose proof Refs as R. unfold c_references in R.
    apply andb_true_iff in R. destruct R as [R R3].
    apply andb_true_iff in R. destruct R as [R1 R2].
    rewrite forallb_forall in R1, R2, R3. auto.
  Qed.

  Lemma flow_listed a d : In (a, d) (flows M es) -> listed a = true -> listed d = true.
  Proof.
    intros H La. destruct references_parts as (R & _ & _).
    specialize (R _ H). simpl in R. now rewrite La in R.
  Qed.

  Lemma declared_listed v : is_declared M v = true -> listed v = true.
  Proof.
    intros D. destruct references_parts as (_ & R & _).
    assert (Hin : In v (declared M)).
    { unfold is_declared in D. btrue. now apply memb_In. }
    specialize (R _ Hin). rewrite decl_is in R. now rewrite D in R.
  Qed.

  Lemma reference_is_listed v : reference M v -> listed v = true.
  Proof.
    induction 1 as [v D | m k t vs bt a p Bm Bd Bt Hin _ La | m bb o a d Bm Bb Ho Ha Hd _ La].
    - now apply declared_listed.
    - destruct (reached_is_listed _ Bm) as (i & e & ab & N & Ab & Mi).
      destruct (edge_is_taken _ _ _ _ _ _ _ N Ab Mi Bd)
        as (i2 & e2 & ab2 & k2 & t2 & args & at_ & bt' & j & e3 & N2 & A2 & X2 & T2 & At & Bo & Bt' & _).
      rewrite Bt in Bt'. injection Bt' as <-.
      apply (flow_listed a); auto. unfold flows. apply in_flat_map. exists e2.
      split; [eapply nth_error_In; eauto |]. unfold entry_flows. rewrite A2.
      apply in_or_app. right. apply edge_flows_In. simpl.
      exists k2, t2, args, at_, (b_params bt), vs. rewrite T2. repeat split; auto.
      now apply combine_swap.
    - destruct (reached_is_listed _ Bm) as (i & e & ab & N & Ab & Mi).
      apply (flow_listed a); auto. unfold flows. apply in_flat_map. exists e.
      split; [eapply nth_error_In; eauto |]. unfold entry_flows. rewrite Ab, Mi.
      apply in_or_app. left. apply in_flat_map. exists o. simpl. rewrite Bb. split; auto.
      now apply op_flows_In.
  Qed.

  Lemma rank_is_reference n : forall v, rank T v = Some n -> reference M v.
  Proof.
    induction n as [n IH] using (well_founded_induction lt_wf). intros v R.
    assert (L : In v (List.map fst (c_refs C))).
    { unfold rank in R. destruct (get (t_refs T) v) eqn:Q; [| discriminate].
      apply ranks_In in Q. destruct Q as [Q | Q]; auto. now rewrite get_empty in Q. }
    apply in_map_iff in L. destruct L as (r & <- & Hr).
    pose proof (proj2 (proj2 references_parts) _ Hr) as H0.
    apply orb_true_iff in H0. destruct H0 as [D | F].
    - apply ref_declared. now rewrite <- decl_is with (C := C).
    - unfold received in F. rewrite has_set_of in F. apply in_map_iff in F.
      destruct F as ([a d] & E & F). simpl in E. subst d. apply filter_In in F.
      destruct F as [F L]. apply flow_refers with (a := a); auto.
      unfold earlier in L. simpl in L. rewrite R in L.
      destruct (rank T a) as [j|] eqn:Ra; [| discriminate]. apply Nat.ltb_lt in L. eauto.
  Qed.

  Lemma listed_ranked v : listed v = true -> exists n, rank T v = Some n.
  Proof.
    unfold Checker.listed, has, rank. destruct (get (t_refs T) v) as [[n a]|]; simpl; [eauto | discriminate].
  Qed.

  Theorem listed_iff_reference v : listed v = true <-> reference M v.
  Proof.
    split; [| apply reference_is_listed]. intros L. apply listed_ranked in L.
    destruct L as [n R]. eapply rank_is_reference; eauto.
  Qed.
End References.
