(** Edges and the start keep what is known true: S1, S2. *)
From Coq Require Import List Arith Bool Lia.
Import ListNotations.
From SM Require Import Maps Model Machines Certificate Checker Known Facts.

Section Edges.
  Variable M : model.
  Variable C : certificate.
  Variable W : world.

  Notation T := (tables_of M C).
  Notation listed := (listed T).
  Notation always := (always T).
  Notation decl := (decl T).
  Notation Inv := (Inv M C).

  Lemma nodup_cons x l : nodup (x :: l) = true -> ~ In x l /\ nodup l = true.
  Proof. simpl. intros H. btrue. now rewrite memb_not_In in H. Qed.

  Lemma lookup_notin ps x : ~ In x (List.map fst ps) -> lookup ps x = x.
  Proof.
    induction ps as [| [p a] r IH]; simpl; intros N; auto.
    destruct (x =? p) eqn:E; btrue; [subst; tauto | apply IH; tauto].
  Qed.

  Lemma combine_fst {X Y} (l : list X) : forall (l' : list Y),
    length l' = length l -> List.map fst (combine l l') = l.
  Proof.
    induction l; intros [| y l'] E; simpl in *; try discriminate; auto.
    f_equal. apply IHl. lia.
  Qed.

  (** Locations, assigned one by one, are assigned in parallel. *)
  Lemma assign_lookup params : forall args h0 h l,
    nodup params = true -> length args = length params ->
    (forall p, In p params -> cell_of M p = None) ->
    assign M (combine params (List.map h0 args)) h l =
    if memb l params then h0 (lookup (combine params args) l) else h l.
  Proof.
    induction params as [| p ps IH]; intros args h0 h l D L F.
    - destruct args; reflexivity.
    - destruct args as [| a as_]; [discriminate |]. simpl in L.
      apply nodup_cons in D. destruct D as [N D]. simpl.
      rewrite IH; [| auto | lia | intros; apply F; simpl; auto].
      destruct (l =? p) eqn:E; btrue.
      + subst l. simpl. assert (X : memb p ps = false) by now apply memb_not_In.
        rewrite X. apply write_same.
      + simpl. unfold memb. destruct (existsb (Nat.eqb l) ps) eqn:X; auto.
        apply write_other; auto. unfold overl. rewrite (F p) by (simpl; auto).
        now rewrite andb_false_r.
  Qed.

  Lemma assign_parallel params args h l :
    nodup params = true -> length args = length params ->
    (forall p, In p params -> cell_of M p = None) ->
    assign M (combine params (List.map h args)) h l = h (lookup (combine params args) l).
  Proof.
    intros D L F. rewrite assign_lookup; auto. destruct (memb l params) eqn:E; auto.
    rewrite lookup_notin; auto. rewrite combine_fst by auto. now apply memb_not_In.
  Qed.

  Lemma lookup_noncell params args l :
    (forall p, In p params -> cell_of M p = None) -> cell_of M l <> None ->
    length args = length params -> lookup (combine params args) l = l.
  Proof.
    intros F N L. apply lookup_notin. rewrite combine_fst by auto. intros X. apply N. auto.
  Qed.

  (** So are names. *)
  Lemma bind_lookup params : forall passed s0 b v,
    nodup params = true -> length passed = length params ->
    let ps := combine params passed in
    let b' := bind M (combine params (List.map (meant s0) passed)) b in
    env b' v = (if memb v params then env s0 (lookup ps v) else env b v) /\
    is_ref b' v = (if memb v params then is_declared M v || is_ref s0 (lookup ps v)
                   else is_ref b v).
  Proof.
    induction params as [| p ps IH]; intros passed s0 b v D L.
    - destruct passed; split; reflexivity.
    - destruct passed as [| a as_]; [discriminate |]. simpl in L.
      apply nodup_cons in D. destruct D as [N D]. simpl.
      destruct (IH as_ s0 (bind1 (is_declared M p || is_ref s0 a) p (env s0 a) b) v D) as [E R];
        [lia |]. rewrite E, R. simpl.
      destruct (v =? p) eqn:Q; btrue; auto.
      subst v. assert (X : memb p ps = false) by now apply memb_not_In. now rewrite X.
  Qed.

  Lemma bind_parallel params passed b v :
    nodup params = true -> length passed = length params ->
    env (bind M (combine params (List.map (meant b) passed)) b) v =
    env b (lookup (combine params passed) v).
  Proof.
    intros D L. destruct (bind_lookup params passed b b v D L) as [E _]. rewrite E.
    destruct (memb v params) eqn:Q; auto.
    rewrite lookup_notin; auto. rewrite combine_fst by auto. now apply memb_not_In.
  Qed.
  Lemma bind_ref params passed b v :
    nodup params = true -> length passed = length params ->
    is_ref (bind M (combine params (List.map (meant b) passed)) b) v =
    (memb v params && is_declared M v) || is_ref b (lookup (combine params passed) v).
  Proof.
    intros D L. destruct (bind_lookup params passed b b v D L) as [_ R]. rewrite R.
    destruct (memb v params) eqn:Q; auto.
    rewrite lookup_notin; auto. rewrite combine_fst by auto. now apply memb_not_In.
  Qed.

  Lemma bind_keeps ps w : forall b, In w (objects b) -> In w (objects (bind M ps b)).
  Proof.
    induction ps as [| [p [x i]] r IH]; intros b H; simpl; auto. apply IH. simpl.
    destruct x; auto. destruct (_ || _); simpl; auto.
  Qed.
  Lemma bind_declared ps p w i : forall b,
    In (p, (Some w, i)) ps -> is_declared M p = true -> In w (objects (bind M ps b)).
  Proof.
    induction ps as [| [q [x i']] r IH]; intros b H D; [destruct H |]. simpl.
    destruct H as [E | H]; [| auto]. injection E as -> -> ->. apply bind_keeps. simpl.
    rewrite D. now left.
  Qed.

  Lemma lookup_in ps v : In v (List.map fst ps) -> In (v, lookup ps v) ps.
  Proof.
    induction ps as [| [p a] r IH]; simpl; [tauto |].
    intros H. destruct (v =? p) eqn:E; btrue.
    - subst. auto.
    - right. apply IH. destruct H; [congruence | auto].
  Qed.

  Lemma combine_map_in {X Y} (f : X -> Y) p a : forall (params : list nat) (args : list X),
    In (p, a) (combine params args) -> In (p, f a) (combine params (List.map f args)).
  Proof.
    induction params as [| q ps IH]; intros [| b bs]; simpl; auto.
    intros [E | H]; [injection E as -> ->; auto | right; auto].
  Qed.

  Lemma combine_map_inv {X Y} (f : X -> Y) p m : forall (params : list nat) (args : list X),
    In (p, m) (combine params (List.map f args)) -> exists a, m = f a /\ In (p, a) (combine params args).
  Proof.
    induction params as [| q ps IH]; intros [| b bs]; simpl; try tauto.
    intros [E | H]; [injection E as -> <-; eauto |].
    destruct (IH _ H) as (a & -> & Ha). eauto.
  Qed.

  (** What the maps hold of what is declared. *)
  Lemma decl_is v : decl v = is_declared M v.
  Proof.
    unfold Checker.decl, tables_of, declared_set, is_declared. simpl.
    assert (X : forall l (s : set), has (fold_left (fun s v => drop v s) l s) v =
                            has s v && negb (memb v l)).
    { induction l as [| w l IH]; intros t; simpl; [now rewrite andb_true_r |].
      rewrite IH, has_drop. destruct (v =? w), (has t v); simpl; auto. }
    rewrite X. f_equal. apply eq_true_iff_eq. rewrite has_set_of. now rewrite memb_In.
  Qed.

  Lemma claimed_ok e b h :
    (forall c, In c (e_claims e) -> sat b h (fst c) (snd c)) ->
    (forall v, In v (e_nulls e) -> env b v = Some null) ->
    ok b h (claimed e).
  Proof.
    intros H N. unfold claimed. constructor;
      [| | apply (named_learn_all fst (fun c => [snd c])); intros l f v K; unfold know, facts_at in K;
           cbn [k_facts] in K; rewrite get_empty in K; destruct K].
    - intros l f E. apply (know_learn_all fst (fun c => [snd c])) in E.
      destruct E as [([l' f'] & Hin & -> & [<- | []]) | E]; [exact (H _ Hin) |].
      unfold know, facts_at in E. cbn [k_facts] in E. rewrite get_empty in E. destruct E.
    - intros v E. unfold knows_null in E.
      rewrite (nulls_learn_all fst (fun c => [snd c])) in E. cbn [k_nulls] in E.
      apply has_set_of in E. auto.
  Qed.

  (** Both assignments of an edge, and what is claimed behind it. *)
  Lemma edge_ok b h A params passed lparams largs e :
    Inv b h -> ok b h A ->
    nodup lparams = true -> nodup params = true ->
    length largs = length lparams -> length passed = length params ->
    (forall p, In p lparams -> cell_of M p = None) ->
    (forall v, In v (e_nulls e) -> knows_null A (lookup (combine params passed) v) = true) ->
    (forall c, In c (e_claims e) ->
       let c' := read_back T (combine lparams largs) (combine params passed) c in
       proves T A (fst c') (snd c') = true) ->
    (forall p a, In (p, a) (combine params passed) -> always p = true ->
                 always a = true \/ knows_null A a = true \/ is_declared M p = true) ->
    (forall p a, In (p, a) (combine params passed) -> listed a = true -> listed p = true) ->
    (forall v, is_declared M v = true -> listed v = true) ->
    let h' := assign M (combine lparams (List.map h largs)) h in
    let b' := bind M (combine params (List.map (meant b) passed)) b in
    Inv b' h' /\ ok b' h' (claimed e).
  Proof.
    intros I K Dl Dp Ll Lp F HN HC HA HL HD h' b'.
    assert (Hh : forall l, h' l = h (lookup (combine lparams largs) l))
      by (intros; now apply assign_parallel).
    assert (Hb : forall v, env b' v = env b (lookup (combine params passed) v))
      by (intros; now apply bind_parallel).
    assert (Hq : forall v, is_ref b' v =
                   (memb v params && is_declared M v) || is_ref b (lookup (combine params passed) v))
      by (intros; now apply bind_ref).
    assert (Hp : forall v, In v params ->
                   In (v, lookup (combine params passed) v) (combine params passed))
      by (intros; apply lookup_in; now rewrite combine_fst).
    split.
    - constructor.
      + intros r l x y O. rewrite !Hh. intros Hr Hl.
        assert (X : cell_of M r <> None /\ cell_of M l <> None).
        { unfold overl in O. btrue. destruct (cell_of M r), (cell_of M l); split; congruence. }
        destruct X. rewrite lookup_noncell in Hr, Hl by auto. eapply (excl _ _ _ _ I); eauto.
      + intros v w Av. rewrite Hb, Hq. intros Hw.
        destruct (memb v params) eqn:Vp.
        * apply memb_In in Vp. destruct (HA _ _ (Hp _ Vp) Av) as [Aa | [Na | D]].
          -- destruct (alw _ _ _ _ I _ _ Aa Hw) as [R | Z]; auto. rewrite R.
             left. apply orb_true_r.
          -- right. rewrite (ok_nulls _ _ _ K _ Na) in Hw. congruence.
          -- left. now rewrite D.
        * simpl. rewrite lookup_notin in *
            by (rewrite combine_fst by auto; now apply memb_not_In).
          exact (alw _ _ _ _ I _ _ Av Hw).
      + intros v w. rewrite Hb, Hq. intros R Hw. apply orb_true_iff in R. destruct R as [R | R].
        * apply andb_true_iff in R. destruct R as [Vp D]. apply memb_In in Vp.
          apply (bind_declared _ v w (is_ref b (lookup (combine params passed) v))); auto.
          rewrite <- Hw. apply (combine_map_in (meant b)). auto.
        * apply bind_keeps. exact (obj _ _ _ _ I _ _ R Hw).
      + intros v. rewrite Hq. intros R. apply orb_true_iff in R. destruct R as [R | R].
        * apply andb_true_iff in R. apply HD, R.
        * apply (lst _ _ _ _ I) in R. destruct (memb v params) eqn:Vp.
          -- apply memb_In in Vp. exact (HL _ _ (Hp _ Vp) R).
          -- rewrite lookup_notin in R; auto. rewrite combine_fst by auto.
             now apply memb_not_In.
    - apply claimed_ok.
      2:{ intros v Hv. rewrite Hb. apply (ok_nulls _ _ _ K). auto. }
      intros [l f] Hc. specialize (HC _ Hc). cbn [fst snd read_back] in HC |- *.
      apply (proves_sat M C b h A) in HC; [| exact I | exact K].
      destruct HC as (w & Hw & S). exists w. rewrite Hh. split; auto.
      cbn [f_vals f_else snd] in S. destruct S as [(v & Hv & Hn) | [S | (Hr & S)]].
      + apply in_app_or in Hv. destruct Hv as [Hv | Hv].
        * apply in_map_iff in Hv. destruct Hv as (u & <- & Hu). left. exists u. rewrite Hb. auto.
        * destruct (allows_reference (f_else f)) eqn:Rf; [| destruct Hv].
          apply in_map_iff in Hv. destruct Hv as ((p & a) & E & X). simpl in E. subst a.
          apply filter_In in X. destruct X as [X Y]. simpl in Y. rewrite decl_is in Y.
          right. right. split; auto. apply (bind_declared _ p w (is_ref b v)); auto.
          rewrite <- Hn. now apply (combine_map_in (meant b)).
      + right. left. exact S.
      + right. right. split; auto. now apply bind_keeps.
  Qed.

  (** ** The start (S1) *)

  Lemma start_Inv : Inv (BState (fun _ => None) (fun _ => false) []) (fun _ => None).
  Proof. constructor; simpl; discriminate. Qed.
  Lemma unknown_ok b h : ok b h unknown.
  Proof.
    constructor; unfold named, know, facts_at, knows_null, unknown; cbn [k_facts k_nulls].
    - intros l f. rewrite get_empty. intros [].
    - intros v. rewrite has_empty. discriminate.
    - intros l f v. rewrite get_empty. intros [].
  Qed.

  Lemma enter_ok vs : forall ls n b h A,
    length vs = length ls ->
    (forall v, In v vs -> always v = true -> is_declared M v = true) ->
    (forall v, is_declared M v = true -> listed v = true) ->
    Inv b h -> ok b h A ->
    Inv (b_enter M W n vs b) (a_enter M W n ls h) /\
    ok (b_enter M W n vs b) (a_enter M W n ls h) (a_params_defined M (combine vs ls) A).
  Proof.
    induction vs as [| v vs IH]; intros [| l ls] n b h A L HA HD I K; try discriminate; simpl; auto.
    apply IH; auto.
    - intros u Hu. apply HA. now right.
    - apply write_Inv. apply bind1_Inv; auto. intros Av. left. apply HA; auto. now left.
    - now apply define_ok.
  Qed.
End Edges.
