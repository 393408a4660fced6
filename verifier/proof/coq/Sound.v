(** Whatever the checker accepts: what is seen of *after* is what is seen of *before*. *)
From Coq Require Import List Arith Bool Lia.
Import ListNotations.
From SM Require Import Maps Model Machines Certificate Checker Known Facts Steps Edges Entries References.

Lemma Forall2_length {X Y} (R : X -> Y -> Prop) l l' : Forall2 R l l' -> length l = length l'.
Proof. induction 1; simpl; auto. Qed.

Section Sound.
  Variable M : model.
  Variable C : certificate.
  Hypothesis accepted : check M C = true.
  Variable refs : val -> bool.
  Hypothesis refs_spec : forall v, refs v = true <-> reference M v.

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

  Section Run.
    Variable W : world.
    Hypothesis is_possible : possible M W.

    Notation b_run := (b_run M refs W).
    Notation a_run := (a_run M W).

    (** The block is listed, and what is claimed of it is true. *)
    Definition entered (b : blk) (pending : option (blk * nat)) (s : b_state) (h : memory) : Prop :=
      exists i e, nth_error (c_blocks C) i = Some e /\ e_block e = b /\ e_pending e = pending /\
                  Inv M C s h /\ ok s h (claimed e).

    (** Where the machines are at one time: in a split-edge block, *before* is on its edge. *)
    Inductive related : b_conf -> a_conf -> Prop :=
    | related_at b m s h ab :
        ablock_at M b = Some ab -> a_counterpart ab = Some m -> entered b None s h ->
        related (BAt m s) (AAt b h)
    | related_going b m k s h ab :
        ablock_at M b = Some ab -> a_counterpart ab = None -> entered b (Some (m, k)) s h ->
        related (BGoing m k s) (AAt b h)
    | related_done : related BDone ADone.

    Definition in_step (n n' : nat) : Prop :=
      related (fst (b_run n)) (fst (a_run n')) /\ Forall2 agrees (snd (b_run n)) (snd (a_run n')).

    Lemma b_run_S n : b_run (S n) =
      (b_next M refs W (length (snd (b_run n))) (fst (b_run n)),
       snd (b_run n) ++ b_said M refs W (length (snd (b_run n))) (fst (b_run n))).
    Proof. simpl. destruct (b_run n). reflexivity. Qed.
    Lemma a_run_S n : a_run (S n) =
      (a_next M W (length (snd (a_run n))) (fst (a_run n)),
       snd (a_run n) ++ a_said M W (length (snd (a_run n))) (fst (a_run n))).
    Proof. simpl. destruct (a_run n). reflexivity. Qed.

    Lemma start_in_step : in_step 0 0.
    Proof.
      destruct check_parts as (H1 & H2 & H3 & H4 & H5).
      pose proof H1 as S. unfold c_start in S.
      destruct (c_blocks C) as [| e r] eqn:Es; [discriminate |].
      destruct (ablock_at M 0) as [ab|] eqn:Ab; [| discriminate].
      destruct (bblock_at M 0) as [bb|] eqn:Bb; [| discriminate].
      apply andb_true_iff in S. destruct S as [S S5]. apply andb_true_iff in S. destruct S as [S S6].
      apply andb_true_iff in S. destruct S as [S S4].
      apply andb_true_iff in S. destruct S as [S _].
      apply andb_true_iff in S. destruct S as [S S3]. apply andb_true_iff in S. destruct S as [S1 S2].
      apply Nat.eqb_eq in S1, S3. rewrite forallb_forall in S4, S5, S6.
      assert (Mi : a_counterpart ab = Some 0) by (destruct (a_counterpart ab) as [[|]|]; try discriminate; auto).
      split; [| constructor]. simpl. unfold b_start, a_start. rewrite Ab, Bb. simpl.
      apply related_at with (ab := ab); auto.
      destruct (enter_ok M C W (b_params bb) (a_params ab) 0 (BState (fun _ => None) (fun _ => false) [])
                         (fun _ => None) unknown) as [I K]; auto.
      { intros v Hv Av. specialize (S4 _ Hv). rewrite Av in S4. simpl in S4.
        now rewrite <- decl_is with (C := C). }
      { exact (declared_listed M C H4). }
      { apply start_Inv. } { apply unknown_ok. }
      exists 0, e. rewrite Es. split; auto. split; auto.
      assert (N : nth_error (c_blocks C) 0 = Some e) by now rewrite Es.
      rewrite <- Es in *.
      destruct (entry_parts M C H3 _ _ N) as (ab' & A & Ab' & _ & Sh & _).
      rewrite S1, Ab in Ab'. injection Ab' as <-. rewrite Mi in Sh.
      split; [destruct (e_pending e); [tauto | auto] |]. split; auto.
      apply claimed_ok.
      - intros [l f] Hc. specialize (S5 _ Hc). eapply proves_sat; eauto.
      - intros v Hv. specialize (S6 _ Hv). now apply (ok_nulls _ _ _ K).
    Qed.

    (** What an accepted edge leads to, from where its block has been done. *)
    Lemma edge_goes position from_split_edge tk A s h t args :
      Inv M C s h -> ok s h A ->
      c_edge M T position from_split_edge tk A (t, args) = true ->
      (forall at_ params passed a p, ablock_at M t = Some at_ ->
         bound M tk at_ = Some (params, passed) -> In (p, a) (combine params passed) ->
         In (a, p) (flows M (c_blocks C))) ->
      exists m k t' vs at_ h',
        tk = Some (m, k) /\ bedge M m k = Some (t', vs) /\ ablock_at M t = Some at_ /\
        a_go M (Some (t, args)) h = AAt t h' /\ forallb (inside M) args = true /\
        match a_counterpart at_ with
        | Some m' => m' = t' /\ exists bt, bblock_at M t' = Some bt /\ length vs = length (b_params bt) /\
            entered t None (bind M (combine (b_params bt) (List.map (meant s) vs)) s) h'
        | None => entered t tk s h' /\
            (from_split_edge = true -> exists j e, get (t_places T) t = Some (j, e) /\ position < j /\
               j < length (c_blocks C))
        end.
    Proof.
      destruct check_parts as (H1 & H2 & H3 & H4 & H5). intros I K E Fl. apply edge_parts in E.
      destruct E as (j & e & at_ & m & k & t' & vs & params & passed & N & B & At & Tk & Bd & Bo &
                     Mt & Dl & Dp & Ll & Lp & Pl & F & HN & HC & HA).
      destruct (edge_ok M C s h A params passed (a_params at_) args e
                  I K Dl Dp Ll Lp F HN HC HA) as [I2 K2].
      { intros p a Hp. apply (flow_listed M C H4). eauto. }
      { apply (declared_listed M C H4). }
      exists m, k, t', vs, at_, (assign M (combine (a_params at_) (List.map h args)) h).
      split; auto. split; auto. split; auto.
      split; [unfold a_go; rewrite At; apply Nat.eqb_eq in Ll; now rewrite Ll |]. split; auto.
      destruct (entry_parts M C H3 _ _ N) as (ab2 & A2 & Ab2 & _ & Sh2 & _ & _ & e' & Pos).
      rewrite B, At in Ab2. injection Ab2 as <-.
      destruct (a_counterpart at_) as [m'|] eqn:Mi.
      - destruct Mt as (-> & -> & bt & Bt & ->). split; auto. exists bt. split; auto. split; auto.
        exists j, e. repeat split; auto. destruct (e_pending e); [tauto | auto].
        all: try apply I2; try apply K2.
      - destruct Mt as (-> & -> & Ep & Lt). split.
        + exists j, e. split; auto. 
        + intros Fd. exists j, e'. rewrite <- B. split; auto. split; auto.
          apply nth_error_Some. congruence.
    Qed.

    Lemma b_ops_did_length m ops : forall t j s,
      length (b_ops_did refs W t m j ops s) = length ops.
    Proof. induction ops; intros; simpl; auto. Qed.

    (** How far the list of blocks is from its end. *)
    Definition rank_of (c : a_conf) : nat :=
      match c with
      | AAt b _ => match get (t_places T) b with
                   | Some (i, _) => length (c_blocks C) - i | None => 0 end
      | ADone | AStuck => 0
      end.

    Lemma said_still n e :
      moving M = false -> In e (a_said M W (length (snd (a_run n))) (fst (a_run n))) -> still e.
    Proof.
      intros Mo H. apply (is_possible Mo (S n)). rewrite a_run_S. simpl. apply in_or_app. auto.
    Qed.
    (** *After* makes one step, and *before* none, one, or two. *)
    Lemma step n n' :
      in_step n n' ->
      (in_step n (S n') /\ (fst (b_run n) = BDone \/
                            rank_of (fst (a_run (S n'))) < rank_of (fst (a_run n')))) \/
      in_step (S n) (S n') \/
      (in_step (S (S n)) (S n') /\ snd (b_run (S n)) = snd (b_run (S (S n))) /\
       exists m k s, fst (b_run (S n)) = BGoing m k s).
    Proof.
      destruct check_parts as (H1 & H2 & H3 & H4 & H5).
      intros [R F]. pose proof (Forall2_length _ _ _ F) as Len. pose proof (said_still n') as St.
      pose proof (b_run_S n) as B1. pose proof (b_run_S (S n)) as B2. pose proof (a_run_S n') as A1.
      unfold in_step. 
      destruct (b_run n) as [cb sb]. destruct (a_run n') as [ca sa]. cbn [fst snd] in *.
      rewrite <- Len in *. set (t := length sb) in *. clearbody t.
      destruct R as [b m s h ab Ab Mi En | b m k s h ab Ab Mi En | ].
      - right. destruct En as (i & e & N & <- & Ep & I & K).
        destruct (entry_parts M C H3 _ _ N) as (ab' & A & Ab' & Bl & Sh & Ed & Ee & _).
        rewrite Ab in Ab'. injection Ab' as <-. rewrite Mi, Ep in Sh.
        destruct Sh as (bb & Bb & Be & Le).
        assert (Ops : ops_of M (a_counterpart ab) = b_ops bb) by (rewrite Mi; simpl; now rewrite Bb).
        rewrite Ops in Bl. cbn [a_said] in *. rewrite Ab, Mi in *.
        assert (Did : a_block_did M W t ab h =
                      a_instrs_did M W t m 0 (List.map o_kind (b_ops bb)) (a_instrs ab) h).
        { unfold a_block_did, block_of, kinds. now rewrite Mi, Ops. }
        destruct (block_ok M C W refs refs_listed m _ t 0 _ _ _ _ _ I K Bl) as (I' & K' & G).
        { intros Mo x Hx. apply St; auto. rewrite Did. apply in_or_app. auto. }
        rewrite <- Did in G.
        assert (LD : length (a_block_did M W t ab h) = length (b_ops bb)).
        { rewrite <- (Forall2_length _ _ _ G). apply b_ops_did_length. }
        cbn [b_next b_said] in B1. rewrite Bb, Be in B1.
        cbn [a_next a_said] in A1. rewrite Ab, Ee, Mi, LD in A1.
        set (c := chosen W (t + length (b_ops bb))) in *.
        assert (Said : Forall2 agrees (sb ++ b_ops_did refs W t m 0 (b_ops bb) s ++ [Left m c])
                                      (sa ++ a_block_did M W t ab h ++ [ALeft m c])).
        { apply Forall2_app; auto. apply Forall2_app; auto. repeat constructor. }
        destruct (c <? length (b_edges bb)) eqn:Lt.
        all: rewrite Le, Lt in A1.
        2:{ left. rewrite B1, A1. split; [constructor | exact Said]. }
        apply Nat.ltb_lt in Lt.
        destruct (nth_error (a_edges ab) c) as [[tt args]|] eqn:X;
          [| apply nth_error_None in X; lia].
        pose proof (Ed _ _ X) as E. unfold taken in E. rewrite Mi in E.
        assert (Do : a_block_do M W t ab h =
                     a_instrs_do M W t (List.map o_kind (b_ops bb)) (a_instrs ab) h).
        { unfold a_block_do, kinds. now rewrite Mi, Ops. }
        rewrite Do in *.
        assert (Fl : forall at_ params passed a p, ablock_at M tt = Some at_ ->
                  bound M (Some (m, c)) at_ = Some (params, passed) ->
                  In (p, a) (combine params passed) -> In (a, p) (flows M (c_blocks C))).
        { intros. eapply (edge_flow M C i e ab c tt args); eauto. unfold taken. now rewrite Mi. }
        destruct (edge_goes _ _ _ _ _ _ _ _ I' K' E Fl)
          as (m0 & k0 & t' & vs & at_ & h' & Tk & Bd & At & Go & _ & Mt).
        injection Tk as <- <-. rewrite Go in A1. rewrite A1.
        destruct (a_counterpart at_) as [m'|] eqn:Mi'.
        + right. destruct Mt as (-> & bt & Bt & Lv & En'). rewrite B1 in B2.
          cbn [fst snd b_next b_said] in B2. rewrite app_nil_r, Bd, Bt in B2.
          apply Nat.eqb_eq in Lv. rewrite Lv in B2. rewrite B1, B2.
          split; [split; [eapply related_at; eauto | exact Said] |]. split; auto. simpl. eauto.
        + left. rewrite B1. destruct Mt as (En' & _).
          split; [eapply related_going; eauto | exact Said].
      - destruct En as (i & e & N & <- & Ep & I & K).
        destruct (entry_parts M C H3 _ _ N) as (ab' & A & Ab' & Bl & Sh & Ed & Ee & e' & Pos).
        rewrite Ab in Ab'. injection Ab' as <-. rewrite Mi, Ep in Sh.
        rewrite Mi in Bl. cbn [ops_of] in Bl. cbn [a_said] in *. rewrite Ab, Mi in *.
        assert (Did : a_block_did M W t ab h =
                      a_instrs_did M W t 0 0 (List.map o_kind []) (a_instrs ab) h).
        { unfold a_block_did, block_of, kinds. now rewrite Mi. }
        destruct (block_ok M C W refs refs_listed 0 _ t 0 _ _ _ _ _ I K Bl) as (I' & K' & G).
        { intros Mo x Hx. apply St; auto. rewrite Did. apply in_or_app. auto. }
        rewrite <- Did in G. simpl in G. 
        assert (D0 : [] = a_block_did M W t ab h) by now inversion G.
        cbn [b_next b_said] in B1. rewrite app_nil_r in B1.
        cbn [a_next a_said app length] in A1. rewrite Ab, Ee, Mi, <- D0 in A1. cbn [app] in A1.
        rewrite app_nil_r in A1.
        assert (Do : a_block_do M W t ab h = a_instrs_do M W t [] (a_instrs ab) h).
        { unfold a_block_do, kinds. now rewrite Mi. }
        rewrite Do in *. cbn [List.map b_ops_do] in *.
        destruct (a_edges ab) as [| [tt args] [|]] eqn:Ea; try discriminate.
        pose proof (Ed 0 _ eq_refl) as E. unfold taken in E. rewrite Mi, Ep in E.
        assert (Fl : forall at_ params passed a p, ablock_at M tt = Some at_ ->
                  bound M (Some (m, k)) at_ = Some (params, passed) ->
                  In (p, a) (combine params passed) -> In (a, p) (flows M (c_blocks C))).
        { intros. eapply (edge_flow M C i e ab 0 tt args); eauto; [now rewrite Ea |].
          unfold taken. now rewrite Mi, Ep. }
        destruct (edge_goes _ _ _ _ _ _ _ _ I' K' E Fl)
          as (m0 & k0 & t' & vs & at_ & h' & Tk & Bd & At & Go & _ & Mt).
        injection Tk as <- <-. rewrite Go in A1. rewrite A1.
        destruct (a_counterpart at_) as [m'|] eqn:Mi'.
        + right. left. destruct Mt as (-> & bt & Bt & Lv & En').
          rewrite Bd, Bt in B1. apply Nat.eqb_eq in Lv. rewrite Lv in B1. rewrite B1.
          split; auto. eapply related_at; eauto.
        + left. destruct Mt as (En' & Far). split; [split; auto; eapply related_going; eauto |].
          right. destruct (Far eq_refl) as (j & e2 & Pj & Lt & Lj).
          cbn [fst rank_of]. rewrite Pos, Pj. lia.
      - left. rewrite A1. simpl. rewrite app_nil_r. split; [split; auto; constructor | auto].
    Qed.

    Lemma follows n' : exists n, in_step n n'.
    Proof.
      induction n' as [| n' (n & IH)]; [exists 0; apply start_in_step |].
      destruct (step _ _ IH) as [[H _] | [H | [H _]]]; eauto.
    Qed.

    (** *After* gets to where *before* is one step later, or on an edge behind that. *)
    Lemma catches_up r : forall n n', rank_of (fst (a_run n')) <= r -> in_step n n' ->
      exists x, in_step (S n) x \/
        (in_step (S (S n)) x /\ snd (b_run (S n)) = snd (b_run (S (S n))) /\
         exists m k s, fst (b_run (S n)) = BGoing m k s).
    Proof.
      induction r as [| r IH]; intros n n' L H;
        destruct (step _ _ H) as [[H' [D | Lt]] | [H' | H']]; eauto; try lia.
      1, 2: (exists n'; left; destruct H as [R F]; unfold in_step; rewrite b_run_S, D in *;
             simpl; rewrite app_nil_r; auto).
      apply (IH n (S n')); auto. lia.
    Qed.

    Lemma followed n : exists n', in_step n n' \/
      (in_step (S n) n' /\ snd (b_run n) = snd (b_run (S n)) /\
       exists m k s, fst (b_run n) = BGoing m k s).
    Proof.
      induction n as [| n (n' & [H | (H & _)])].
      - exists 0. left. apply start_in_step.
      - eapply catches_up; eauto.
      - exists n'. auto.
    Qed.

    Theorem sound : same_seen M refs W.
    Proof.
      split.
      - intros n'. destruct (follows n') as (n & R & F). exists n. split; auto.
        destruct R; simpl; eauto.
      - intros n. destruct (followed n) as (n' & [[R F] | ([R F] & E & m & k & s & G)]); exists n'.
        + split; auto. destruct R; split; congruence.
        + rewrite E, G. split; auto. split; congruence.
    Qed.

    (** *After* touches nothing but places for values. *)
    Theorem places_are_good n b h :
      fst (a_run n) = AAt b h -> exists ab, ablock_at M b = Some ab /\ places_good M ab.
    Proof.
      destruct check_parts as (H1 & H2 & H3 & H4 & H5).
      intros E. destruct (follows n) as (n' & R & _).
      assert (X : exists p s, entered b p s h) by (rewrite E in R; inversion R; subst; eauto).
      destruct X as (p & s & i & e & N & <- & _).
      destruct (entry_parts M C H3 _ _ N) as (ab & A & Ab & Bl & _ & Ed & _).
      exists ab. split; auto. split; [exact (block_placed M C _ _ _ _ Bl) |].
      intros tt args Hin. apply In_nth_error in Hin. destruct Hin as (k & Hk).
      apply Ed, edge_parts in Hk.
      destruct Hk as (? & ? & ? & ? & ? & ? & ? & ? & ? & _ & _ & _ & _ & _ & _ & _ & _ & _ & _ & _ & P & _).
      exact P.
    Qed.
  End Run.

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

  (** No two locations are one place, and parameters are passed in places for values. *)
  Theorem start_is_good : distinct M /\
    exists ab, ablock_at M 0 = Some ab /\ forallb (inside M) (a_params ab) = true.
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
      apply andb_true_iff in S. destruct S as [_ S]. eauto.
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

(** So there is nothing to assume of it. *)
Corollary checked M C W :
  check M C = true -> possible M W -> same_seen M (listed (tables_of M C)) W.
Proof. intros H. apply (sound M C H). now apply references_decided. Qed.

Print Assumptions sound.
Print Assumptions checked.
Print Assumptions places_are_good.
Print Assumptions start_is_good.
Print Assumptions references_decided.
