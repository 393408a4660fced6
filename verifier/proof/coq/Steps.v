(** Instructions and blocks keep what is known true, and the two machines agree in them. *)
From Coq Require Import List Arith Bool Lia.
Import ListNotations.
From SM Require Import Maps Model Machines Certificate Checker Known Facts.

Section Steps.
  Variable M : model.
  Variable C : certificate.
  Variable W : world.

  Notation T := (tables_of M C).
  Notation listed := (listed T).
  Notation always := (always T).
  Notation Inv := (Inv M C).

  Variable refs : val -> bool.
  Hypothesis refs_listed : forall v, refs v = listed v.   (* shown in References.v *)
  Notation b_collect t b := (b_collect W t b).
  Notation b_define t k n defs b := (b_define refs W t k n defs b).
  Notation a_act := (a_act M W).
  Notation a_acts := (a_acts M W).

  (** ** Within an instruction *)

  Section Instruction.
    Variable t : nat.           (* the moment *)
    Variable o : option op.     (* what it performs *)
    Variable s : b_state.       (* before, as it begins *)

    Definition kind_of := option_map o_kind o.
    Definition value_of n := option_map (fun k => result W t k n) kind_of.

    (** Before, once the collector has run, if it has. *)
    Definition base (ran : list (list (option word * option word))) : b_state :=
      match ran with [] => s | _ :: _ => b_collect t s end.

    (** [b] is what before would be if it had done what after has done: it has the results
        [dn], and else what it began with. *)
    Record so_far (b : b_state) (d : doing) (dn : list val) : Prop := {
      others : forall v, ~ In v dn ->
        env b v = env (base (ran d)) v /\ is_ref b v = is_ref (base (ran d)) v;
      results : forall v, In v dn ->
        exists n k, nth_error (defs_of o) n = Some v /\ kind_of = Some k /\
          env b v = value_of n /\ is_ref b v = makes refs k v;
      made_now : forall w, In w (objects b) -> In w (objects (base (ran d))) \/
        exists n v k, kind_of = Some k /\ nth_error (defs_of o) n = Some v /\ In v dn /\
                      makes refs k v = true /\ w = result W t k n }.

    (** What was read and what the collector found is as it should be. *)
    Record seen (d : doing) : Prop := {
      seen_reads : forall n (late : bool) w, In (n, late, w) (reads d) ->
        exists v x, nth_error (uses_of o) n = Some v /\ w = Some x /\
                    env (if late then b_collect t s else s) v = Some x /\
                    (late = true -> ran d <> []);
      seen_ran : forall roots, In roots (ran d) ->
        forall root, In root roots -> root_agrees (objects s) root }.

    Lemma ran_grows acts : forall d x,
      In x (ran d) -> In x (ran (fold_left (a_act t kind_of) acts d)).
    Proof.
      induction acts as [| a r IH]; intros d x H; simpl; auto. apply IH.
      destruct a; simpl; auto.
    Qed.

    Lemma reads_grow acts : forall d x,
      In x (reads d) -> In x (reads (fold_left (a_act t kind_of) acts d)).
    Proof.
      induction acts as [| a r IH]; intros d x H; simpl; auto. apply IH.
      destruct a; simpl; auto.
    Qed.

    Definition unmoved (d : doing) : Prop :=
      moving M = false ->
      forall roots, In roots (ran d) -> forall w w', In (w, w') roots -> w = w'.

    Definition is_own := match o with None => true | Some _ => false end.

    Lemma acts_ok acts : forall dn b d A A',
      length (ran d) + collections acts <= 1 ->
      Inv b (mem d) -> ok b (mem d) A -> so_far b d dn -> seen d ->
      c_actions M T is_own o dn A acts = Some A' ->
      let d' := fold_left (a_act t kind_of) acts d in
      unmoved d' ->
      exists b' dn', Inv b' (mem d') /\ ok b' (mem d') A' /\ so_far b' d' dn' /\ seen d' /\
        length (ran d') = length (ran d) + collections acts /\
        (forall v, In v dn -> In v dn') /\
        (forall n v, 0 < count_writes n acts -> nth_error (defs_of o) n = Some v -> In v dn') /\
        (forall n, has_use n acts = true -> exists late w, In (n, late, w) (reads d')).
    Proof.
      induction acts as [| a r IH]; intros dn b d A A' L I K J S E d' U.
      - simpl in E. injection E as <-. exists b, dn. simpl in *.
        repeat match goal with |- _ /\ _ => split end; auto; try tauto; try lia.
        all: try (intros; discriminate).
        intros n v X. unfold count_writes in X. simpl in X. lia.
      - simpl in E. unfold c_action in E.
        destruct (c_placed M is_own a); simpl in E; [| discriminate].
        unfold d' in *. cbn [fold_left] in *. clear d'.
        assert (Next : forall dn1 b1 A1,
          Inv b1 (mem (a_act t kind_of d a)) -> ok b1 (mem (a_act t kind_of d a)) A1 ->
          so_far b1 (a_act t kind_of d a) dn1 -> seen (a_act t kind_of d a) ->
          c_actions M T is_own o dn1 A1 r = Some A' ->
          (forall v, In v dn -> In v dn1) ->
          (forall n v, (match a with Define m _ => m = n | _ => False end) ->
                       nth_error (defs_of o) n = Some v -> In v dn1) ->
          (forall n, (match a with Use m _ => m = n | _ => False end) ->
                     exists late w, In (n, late, w) (reads (a_act t kind_of d a))) ->
          exists b' dn', Inv b' (mem (fold_left (a_act t kind_of) r (a_act t kind_of d a))) /\
            ok b' (mem (fold_left (a_act t kind_of) r (a_act t kind_of d a))) A' /\
            so_far b' (fold_left (a_act t kind_of) r (a_act t kind_of d a)) dn' /\
            seen (fold_left (a_act t kind_of) r (a_act t kind_of d a)) /\
            length (ran (fold_left (a_act t kind_of) r (a_act t kind_of d a))) =
              length (ran d) + collections (a :: r) /\
            (forall v, In v dn -> In v dn') /\
            (forall n v, 0 < count_writes n (a :: r) -> nth_error (defs_of o) n = Some v -> In v dn') /\
            (forall n, has_use n (a :: r) = true -> exists late w,
               In (n, late, w) (reads (fold_left (a_act t kind_of) r (a_act t kind_of d a))))).
        { intros dn1 b1 A1 I1 K1 J1 S1 E1 D1 D2 R1.
          assert (Q : length (ran (a_act t kind_of d a)) + collections r =
                      length (ran d) + collections (a :: r)).
          { unfold collections. destruct a; simpl; auto; lia. }
          destruct (IH dn1 b1 (a_act t kind_of d a) A1 A') as (b' & dn' & I' & K' & J' & S' & L' & X1 & X2 & X3);
            auto; [lia |].
          exists b', dn'. repeat match goal with |- _ /\ _ => split end; auto; try lia.
          - intros n v Hn Hv. destruct a as [| m at_ | | | |]; try (apply (X2 n v); auto; fail).
            destruct (Nat.eq_dec m n) as [-> | N]; [eauto |]. apply (X2 n v); auto.
            unfold count_writes in *. simpl in Hn. apply Nat.eqb_neq in N. now rewrite N in Hn.
          - intros n Hn. destruct a as [m at_ | | | | |]; try (apply X3; exact Hn).
            destruct (Nat.eq_dec m n) as [-> | N].
            + destruct (R1 n eq_refl) as (late & w & X). exists late, w. now apply reads_grow.
            + apply X3. unfold has_use in *. simpl in Hn. apply Nat.eqb_neq in N. now rewrite N in Hn. }
        destruct a as [n at_ | n at_ | from to | at_ | at_ | roots].
        + destruct (nth_error (uses_of o) n) as [v|] eqn:Uv; [| discriminate].
          destruct (memb v dn) eqn:D; simpl in E; [discriminate |].
          destruct (proves T A at_ (just v)) eqn:Pr; [| discriminate].
          apply (Next dn b A); auto; try tauto.
          * destruct J as [J1 J2 J3]. constructor; auto.
          * pose proof (proves_sat _ _ _ _ _ _ _ I K Pr) as Sa. apply sat_just in Sa.
            destruct Sa as (x & Hx & Hv). destruct S as [S1 S2]. constructor; auto.
            simpl. intros m late w [Q | Q]; [| eauto]. injection Q as <- <- <-.
            exists v, x. repeat split; auto.
            rewrite (proj1 (others _ _ _ J v (proj1 (memb_not_In _ _) D))) in Hv.
            -- unfold base in Hv. destruct (ran d); exact Hv.
            -- destruct (ran d); congruence.
          * intros m <-. simpl. eauto.
        + destruct (nth_error (defs_of o) n) as [v|] eqn:Uv; [| discriminate].
          assert (exists k, kind_of = Some k) as [k Hk].
          { unfold kind_of. destruct o; simpl; [eauto |]. destruct n; discriminate. }
          assert (Z : makes_null o = match k with Null => true | _ => false end).
          { unfold kind_of in Hk. destruct o; simpl in *; [| discriminate]. now injection Hk as ->. }
          apply (Next (v :: dn) (bind1 (makes refs k v) v (Some (result W t k n)) b)
                      (if makes_null o then a_null M (Some v) at_ A else a_define M v at_ A)); auto.
          * cbn [Machines.a_act mem set_mem]. apply write_Inv. apply bind1_Inv; auto.
            -- intros Av. unfold makes, result. rewrite refs_listed, (always_listed _ _ _ Av).
               destruct k; auto.
            -- unfold makes. rewrite refs_listed. destruct k; auto; discriminate.
          * cbn [Machines.a_act mem set_mem]. rewrite Hk. cbn [option_map].
            rewrite Z. destruct k; cbn [makes result]; try (apply define_ok; exact K).
            apply define_null_ok. exact K.
          * destruct J as [J1 J2 J3]. constructor; cbn [Machines.a_act ran set_mem].
            -- intros u Hu. simpl. destruct (u =? v) eqn:Q; btrue; [subst; simpl in Hu; tauto |].
               apply J1. simpl in Hu. tauto.
            -- intros u Hu.
               assert (X : u = v \/ (u <> v /\ In u dn)).
               { destruct (Nat.eq_dec u v); auto. destruct Hu; [congruence | auto]. }
               simpl. destruct X as [-> | [N X]].
               ++ exists n, k. rewrite Nat.eqb_refl. unfold value_of. now rewrite Hk.
               ++ apply Nat.eqb_neq in N. rewrite N. auto.
            -- intros w Hw. simpl in Hw.
               assert (Old : In w (objects b) -> In w (objects (base (ran d))) \/
                 exists n v' k, kind_of = Some k /\ nth_error (defs_of o) n = Some v' /\
                   In v' (v :: dn) /\ makes refs k v' = true /\ w = result W t k n).
               { intros X. destruct (J3 _ X) as [|(m & u & k' & ? & ? & ? & ?)]; auto.
                 right. exists m, u, k'. simpl. auto. }
               destruct (makes refs k v) eqn:Mk; [| auto].
               destruct Hw as [<- | Hw]; auto. right. exists n, v, k. simpl. auto.
          * destruct S as [S1 S2]. constructor; auto.
          * intros u Hu. right. auto.
          * intros m u <-. rewrite Uv. intros Q. injection Q as ->. now left.
          * intros m [].
        + apply (Next dn b (a_move M from to A)); auto; try tauto.
          * now apply write_Inv.
          * now apply move_ok.
          * destruct J as [J1 J2 J3]. constructor; auto.
          * destruct S as [S1 S2]. constructor; auto.
        + apply (Next dn b (a_null M None at_ A)); auto; try tauto.
          * now apply write_Inv.
          * now apply write_null_ok.
          * destruct J as [J1 J2 J3]. constructor; auto.
          * destruct S as [S1 S2]. constructor; auto.
        + apply (Next dn b (overwrite M at_ A)); auto; try tauto.
          * now apply write_Inv.
          * now apply overwrite_ok.
          * destruct J as [J1 J2 J3]. constructor; auto.
          * destruct S as [S1 S2]. constructor; auto.
        + destruct dn as [| ? ?]; [| discriminate].
          destruct (forallb _ roots) eqn:Pr; [| discriminate].
          assert (N0 : ran d = []).
          { destruct (ran d); auto. unfold collections in L. simpl in L. lia. }
          assert (Eb : forall v, env b v = env s v).
          { intros v. rewrite (proj1 (others _ _ _ J v (@in_nil _ _))). unfold base. now rewrite N0. }
          assert (Rb : forall v, is_ref b v = is_ref s v).
          { intros v. rewrite (proj2 (others _ _ _ J v (@in_nil _ _))). unfold base. now rewrite N0. }
          assert (Ob : forall w, In w (objects b) -> In w (objects s)).
          { intros w Hw. destruct (made_now _ _ _ J _ Hw) as [X | (? & ? & ? & _ & _ & [] & _)].
            unfold base in X. now rewrite N0 in X. }
          assert (G : forall r, In r roots ->
                        exists w, mem d r = Some w /\ (w = null \/ In w (objects b))).
          { rewrite forallb_forall in Pr. intros x Hx. specialize (Pr x Hx).
            eapply proves_sat in Pr; eauto. now apply sat_anyref in Pr. }
          apply (Next [] (b_collect t b) (a_collect M T roots A)); auto; try tauto.
          * now apply collect_Inv.
          * cbn [Machines.a_act mem]. apply collect_ok; auto.
            intros Mo x w Hx Hw.
            assert (Q : Some w = Some (move W t w)); [| now injection Q].
            apply (U Mo (List.map (fun r => (mem d r, option_map (move W t) (mem d r))) roots)).
            -- apply ran_grows. now left.
            -- apply in_map_iff. exists x. now rewrite Hw.
          * constructor; cbn [Machines.a_act ran base].
            -- intros v _. simpl. now rewrite Eb, Rb.
            -- intros v [].
            -- intros w Hw. simpl in Hw. apply in_map_iff in Hw. destruct Hw as (x & <- & Hx).
               left. simpl. apply in_map. auto.
          * destruct S as [S1 S2]. constructor; cbn [Machines.a_act reads ran].
            { intros n late w Hr. destruct (S1 _ _ _ Hr) as (v & x & ? & ? & ? & _). exists v, x.
              repeat split; auto. discriminate. }
            intros rs [<- | Hrs]; [| eauto]. intros root Hroot. apply in_map_iff in Hroot.
            destruct Hroot as (x & <- & Hx). destruct (G _ Hx) as (w & Hw & Ho).
            exists w. split; auto. destruct Ho; auto.
    Qed.

    Lemma ran_length acts : forall d,
      length (ran (fold_left (a_act t kind_of) acts d)) = length (ran d) + collections acts.
    Proof.
      unfold collections. induction acts as [| a r IH]; intros d; simpl; [lia |].
      rewrite IH. destruct a; simpl; lia.
    Qed.
  End Instruction.

  Lemma b_define_is t k defs : forall n0 b, nodup defs = true ->
    (forall v, ~ In v defs -> env (b_define t k n0 defs b) v = env b v /\
                              is_ref (b_define t k n0 defs b) v = is_ref b v) /\
    (forall n v, nth_error defs n = Some v ->
                 env (b_define t k n0 defs b) v = Some (result W t k (n0 + n)) /\
                 is_ref (b_define t k n0 defs b) v = makes refs k v) /\
    (forall w, In w (objects b) -> In w (objects (b_define t k n0 defs b))) /\
    (forall n v, nth_error defs n = Some v -> makes refs k v = true ->
                 In (result W t k (n0 + n)) (objects (b_define t k n0 defs b))).
  Proof.
    induction defs as [| v r IH]; intros n0 b D.
    - repeat split; auto; destruct n; discriminate.
    - simpl in D. btrue. apply memb_not_In in H.
      destruct (IH (S n0) (bind1 (makes refs k v) v (Some (result W t k n0)) b) H0)
        as (E1 & E2 & O1 & O2). cbn [Machines.b_define].
      assert (Grow : forall w, In w (objects b) ->
                In w (objects (bind1 (makes refs k v) v (Some (result W t k n0)) b))).
      { intros w. simpl. destruct (makes refs k v); simpl; auto. }
      split; [| split; [| split]].
      + intros u Hu. destruct (E1 u) as [Eu Ru]; [simpl in Hu; tauto |]. rewrite Eu, Ru. simpl.
        destruct (u =? v) eqn:Q; btrue; [subst; simpl in Hu; tauto | auto].
      + intros [| n] u Hu; simpl in Hu.
        * injection Hu as <-. destruct (E1 v H) as [Eu Ru]. rewrite Eu, Ru. simpl.
          now rewrite Nat.eqb_refl, Nat.add_0_r.
        * destruct (E2 _ _ Hu) as [Eu Ru]. rewrite Eu, Ru. split; auto. do 2 f_equal. lia.
      + intros w Hw. auto.
      + intros [| n] u Hu Mk; simpl in Hu.
        * injection Hu as <-. apply O1. simpl. rewrite Mk, Nat.add_0_r. now left.
        * replace (n0 + S n) with (S n0 + n) by lia. eauto.
  Qed.

  Lemma so_far_start o t s h : so_far t o s s (Doing h [] []) [].
  Proof. constructor; simpl; auto. intros v []. Qed.
  Lemma seen_start o t s h : seen t o s (Doing h [] []).
  Proof. constructor; simpl; tauto. Qed.

  Lemma performs_ok t o m j b h acts A A' :
    Inv b h -> ok b h A -> performed (Some o) acts = true ->
    c_actions M T false (Some o) [] A acts = Some A' ->
    let d := a_acts t (Some (o_kind o)) acts h in
    (moving M = false -> still (ADid m j (reads d) (ran d))) ->
    Inv (b_do refs W t o b) (mem d) /\ ok (b_do refs W t o b) (mem d) A' /\
    agrees (b_did W t m j o b) (ADid m j (reads d) (ran d)).
  Proof.
    intros I K P E d U. unfold performed in P.
    apply andb_true_iff in P. destruct P as [P P5]. apply andb_true_iff in P. destruct P as [P P4].
    apply andb_true_iff in P. destruct P as [P P3]. apply andb_true_iff in P. destruct P as [_ P2].
    btrue. rewrite forallb_forall in P3, P4.
    assert (L : collections acts <= 1).
    { rewrite P5. simpl. destruct (o_kind o); auto. }
    destruct (acts_ok t (Some o) b acts [] b (Doing h [] []) A A') as
      (b' & dn & I' & K' & J & S & Len & _ & Dn & Rd); auto.
    { apply so_far_start. } { apply seen_start. }
    cbn [ran length Nat.add] in Len. rewrite P5 in Len.
    change (fold_left (a_act t (kind_of (Some o))) acts (Doing h [] [])) with d in *.
    assert (Ba : base t b (ran d) = b_run_collector W t (o_kind o) b).
    { unfold base, b_run_collector. simpl in Len.
      destruct (o_kind o), (ran d); simpl in *; auto; discriminate. }
    assert (All : forall n v, nth_error (o_defs o) n = Some v -> In v dn).
    { intros n v Hn. apply (Dn n v); auto.
      assert (X : count_writes n acts =? 1 = true).
      { apply P4. apply in_seq. simpl. split; [lia |]. apply nth_error_Some. congruence. }
      btrue. lia. }
    destruct (b_define_is t (o_kind o) (o_defs o) 0 (b_run_collector W t (o_kind o) b) P2)
      as (E1 & E2 & O1 & O2).
    assert (Sm : same b' (b_do refs W t o b)).
    { assert (Same : forall v, env b' v = env (b_do refs W t o b) v /\
                               is_ref b' v = is_ref (b_do refs W t o b) v).
      { intros v. unfold b_do. destruct (in_dec Nat.eq_dec v dn) as [Hv | Hv].
        + destruct (results _ _ _ _ _ _ J _ Hv) as (n & k & Hn & Hk & -> & ->).
          simpl in Hk. injection Hk as <-. destruct (E2 _ _ Hn) as [-> ->]. auto.
        + destruct (others _ _ _ _ _ _ J _ Hv) as [-> ->]. rewrite Ba.
          destruct (E1 v) as [-> ->]; auto.
          intros X. apply In_nth_error in X. destruct X as [n X]. eauto. }
      constructor; try (intros v; apply Same).
      - intros w Hw. unfold b_do.
        destruct (made_now _ _ _ _ _ _ J _ Hw) as [X | (n & v & k & Hk & Hn & _ & Mk & ->)].
        + rewrite Ba in X. auto.
        + simpl in Hk. injection Hk as <-. exact (O2 _ _ Hn Mk). }
    split; [eapply same_Inv; eauto |]. split; [eapply same_ok; eauto |].
    constructor.
    - split.
      + intros n Hn. rewrite map_length in Hn. apply Rd. apply P3. apply in_seq. simpl. lia.
      + intros n late w Hr. destruct (seen_reads _ _ _ _ S _ _ _ Hr) as (v & x & Hv & -> & Hx & La).
        exists x. split; auto. simpl in Hv.
        assert (Q : env (if late then b_run_collector W t (o_kind o) b else b) v = Some x).
        { destruct late; auto. rewrite <- Ba. unfold base. destruct (ran d); auto. now destruct La. }
        destruct late; erewrite map_nth_error by eassumption; now rewrite Q.
    - unfold runs_agree. simpl in Len.
      destruct (o_kind o); simpl in *; try (now destruct (ran d)).
      destruct (ran d) as [| roots [|]] eqn:R; try discriminate. exists roots. split; auto.
      intros root Hr. apply (seen_ran _ _ _ _ S roots); auto. rewrite R. now left.
  Qed.

  Lemma inserted_ok t b h acts A A' :
    Inv b h -> ok b h A -> performed None acts = true ->
    c_actions M T true None [] A acts = Some A' ->
    let d := a_acts t None acts h in
    Inv b (mem d) /\ ok b (mem d) A' /\ is_quiet d = true.
  Proof.
    intros I K P E d. unfold performed in P.
    apply andb_true_iff in P. destruct P as [_ P5]. btrue. simpl in P5.
    assert (R0 : ran d = []).
    { pose proof (ran_length t None acts (Doing h [] [])) as L. rewrite P5 in L. simpl in L.
      change (length (ran d) = 0) in L. now destruct (ran d). }
    destruct (acts_ok t None b acts [] b (Doing h [] []) A A') as
      (b' & dn & I' & K' & J & S & Len & _ & Dn & Rd); auto.
    { simpl. lia. } { apply so_far_start. } { apply seen_start. }
    { change (unmoved d). intros _ roots. rewrite R0. intros []. }
    change (fold_left (a_act t (kind_of None)) acts (Doing h [] [])) with d in *.
    assert (Sm : same b' b).
    { assert (Same : forall v, env b' v = env b v /\ is_ref b' v = is_ref b v).
      { intros v. destruct (in_dec Nat.eq_dec v dn) as [Hv | Hv].
        + destruct (results _ _ _ _ _ _ J _ Hv) as (n & k & _ & Hk & _). discriminate.
        + destruct (others _ _ _ _ _ _ J _ Hv) as [-> ->]. now rewrite R0. }
      constructor; try (intros v; apply Same).
      - intros w Hw. destruct (made_now _ _ _ _ _ _ J _ Hw) as [X | (n & v & k & Hk & _)].
        + now rewrite R0 in X.
        + discriminate. }
    split; [eapply same_Inv; eauto |]. split; [eapply same_ok; eauto |].
    unfold is_quiet. rewrite R0. destruct (reads d) as [| [[n late] w] r] eqn:Rd'; auto.
    destruct (seen_reads _ _ _ _ S n late w) as (v & x & Hv & _); [rewrite Rd'; now left |].
    destruct n; discriminate.
  Qed.

  Notation b_ops_do t ops b := (b_ops_do refs W t ops b).

  Lemma block_ok m is : forall t j ops b h A A',
    Inv b h -> ok b h A -> c_block M T ops is A = Some A' ->
    let ks := List.map o_kind ops in
    (moving M = false -> forall e, In e (a_instrs_did M W t m j ks is h) -> still e) ->
    Inv (b_ops_do t ops b) (a_instrs_do M W t ks is h) /\
    ok (b_ops_do t ops b) (a_instrs_do M W t ks is h) A' /\
    Forall2 agrees (b_ops_did refs W t m j ops b) (a_instrs_did M W t m j ks is h).
  Proof.
    induction is as [| i r IH]; intros t j ops b h A A' I K E ks U; simpl in E.
    - destruct ops; [| discriminate]. injection E as <-. simpl. auto.
    - unfold ks in *. clear ks. simpl in U |- *. destruct (i_performs i) eqn:Pf.
      + destruct ops as [| o ops]; [discriminate |]. cbn [List.map] in *.
        destruct (performed (Some o) (i_actions i)) eqn:P; [| discriminate].
        destruct (c_actions M T false (Some o) [] A (i_actions i)) as [A1|] eqn:E1; [| discriminate].
        destruct (performs_ok t o m j b h _ _ _ I K P E1) as (I1 & K1 & G1).
        { intros Mo. apply U; auto. now left. }
        destruct (IH (S t) (S j) ops _ _ _ _ I1 K1 E) as (I2 & K2 & G2).
        { intros Mo e He. apply U; auto. now right. }
        split; [exact I2 |]. split; [exact K2 |]. constructor; auto.
      + destruct (performed None (i_actions i)) eqn:P; [| discriminate].
        destruct (c_actions M T true None [] A (i_actions i)) as [A1|] eqn:E1; [| discriminate].
        destruct (inserted_ok t b h _ _ _ I K P E1) as (I1 & K1 & G1).
        rewrite G1 in *. simpl in *.
        destruct (IH t j ops _ _ _ _ I1 K1 E U) as (I2 & K2 & G2).
        split; [exact I2 |]. split; [exact K2 | exact G2].
  Qed.
End Steps.
