(** Blocks and edges keep what is known true. *)
From Coq Require Import List Arith Bool Lia.
Import ListNotations.
From SM Require Import Maps Model Checker Facts.

Section Steps.
  Variable M : model.
  Variable C : certificate.
  Variable refs : val -> bool.

  Notation T := (tables_of M C).
  Notation listed := (listed T).
  Notation always := (always T).
  Notation decl := (decl T).
  Notation Inv := (Inv M C).

  (** Shown in References.v. *)
  Hypothesis refs_listed : forall v, refs v = listed v.

  Lemma always_listed v : always v = true -> listed v = true.
  Proof.
    unfold Checker.always, Checker.listed, has.
    destruct (get (t_refs T) v) as [[? ?]|]; simpl; auto.
  Qed.

  Lemma define_refs_Inv v at_ s : Inv s -> Inv (define M (refs v) v at_ s).
  Proof.
    apply define_Inv; rewrite refs_listed; auto. apply always_listed.
  Qed.

  (** ** Within a block *)

  Lemma action_ok own o dn s A a dn' A' meant :
    own = match o with None => true | Some _ => false end ->
    Inv s -> ok s A ->
    (forall v, ~ In v dn -> name s v = meant v) ->
    c_action M T own o dn A a = Some (dn', A') ->
    good_action M meant o s a /\ Inv (do_action M refs o s a) /\ ok (do_action M refs o s a) A' /\
    (forall v, ~ In v dn' -> name (do_action M refs o s a) v = meant v).
  Proof.
    intros -> I K N E. unfold c_action in E.
    destruct (c_placed M _ a) eqn:W; simpl in E; [| discriminate]. apply placed_well in W.
    unfold good_action. rewrite W.
    destruct a as [n at_ | n at_ | f t | at_ | at_ | roots].
    - destruct (nth_error (uses_of o) n) as [v|] eqn:U; [| discriminate].
      destruct (memb v dn) eqn:D; simpl in E; [discriminate |].
      destruct (proves T A at_ (just v)) eqn:P; [| discriminate].
      injection E as <- <-. split; [split; auto | auto].
      eapply proves_sat in P; eauto. apply sat_just in P. destruct P as (i & Hn & Hh).
      exists v, i. repeat split; auto. rewrite <- N; auto. now apply memb_not_In.
    - destruct (nth_error (defs_of o) n) as [v|] eqn:U; [| discriminate].
      injection E as <- <-. cbn [do_action]. rewrite U. split; [eauto |].
      assert (X : forall w, ~ In w (v :: dn) -> w <> v /\ ~ In w dn).
      { intros w Hw. split; [intros -> | intros Y]; apply Hw; simpl; auto. }
      destruct (makes_null o).
      + split; [now apply define_null_Inv |]. split; [eapply define_null_ok; eauto |].
        intros w Hw. apply X in Hw. destruct Hw as [Hw Hd]. simpl.
        apply Nat.eqb_neq in Hw. rewrite Hw. auto.
      + split; [now apply define_refs_Inv |]. split; [eapply define_ok; eauto |].
        intros w Hw. apply X in Hw. destruct Hw as [Hw Hd]. simpl.
        apply Nat.eqb_neq in Hw. rewrite Hw. auto.
    - injection E as <- <-. split; auto. split; [| split; auto].
      + apply set_Inv; auto. intros i. apply (wf_hold _ _ _ I).
      + apply move_ok; auto.
    - injection E as <- <-. split; auto. split; [| split; auto].
      + now apply write_null_Inv.
      + now apply write_null_ok.
    - injection E as <- <-. split; auto. split; [| split; auto].
      + apply set_Inv; auto. discriminate.
      + apply overwrite_ok; auto.
    - destruct (forallb _ roots) eqn:P; [| discriminate]. injection E as <- <-.
      assert (G : forall r, In r roots ->
                            exists i, holds s r i = true /\ (isref s i = true \/ i = null)).
      { rewrite forallb_forall in P. intros r Hr. specialize (P r Hr).
        eapply proves_sat in P; eauto. now apply sat_anyref in P. }
      split; auto. split; [| split; auto].
      + apply collect_Inv; auto.
      + eapply collect_ok; eauto.
  Qed.

  Lemma actions_ok own o meant acts : 
    own = match o with None => true | Some _ => false end ->
    forall dn s A A',
    Inv s -> ok s A ->
    (forall v, ~ In v dn -> name s v = meant v) ->
    c_actions M T own o dn A acts = Some A' ->
    good_actions M refs meant o acts s /\
    Inv (do_actions M refs o acts s) /\ ok (do_actions M refs o acts s) A'.
  Proof.
    intros Hown. induction acts as [| a r IH]; intros dn s A A' I K N E; simpl in E.
    - injection E as <-. simpl. auto.
    - destruct (c_action M T own o dn A a) as [[dn1 A1]|] eqn:E1; [| discriminate].
      destruct (action_ok _ _ _ _ _ _ _ _ _ Hown I K N E1) as (G & I1 & K1 & N1).
      destruct (IH _ _ _ _ I1 K1 N1 E) as (G2 & I2 & K2).
      split; [split; assumption | split; assumption].
  Qed.

  Lemma block_ok is : forall ops s A A',
    Inv s -> ok s A -> c_block M T ops is A = Some A' ->
    good_block M refs ops is s /\
    Inv (do_block M refs ops is s) /\ ok (do_block M refs ops is s) A'.
  Proof.
    induction is as [| i r IH]; intros ops s A A' I K E; simpl in E.
    - destruct ops; [| discriminate]. injection E as <-. simpl. auto.
    - simpl. destruct (i_performs i).
      + destruct ops as [| o ops]; [discriminate |].
        destruct (performed (Some o) (i_actions i)) eqn:P; [| discriminate].
        destruct (c_actions M T false (Some o) [] A (i_actions i)) as [A1|] eqn:E1; [| discriminate].
        apply actions_ok with (s := s) (meant := name s) in E1; auto.
        destruct E1 as (G & I1 & K1).
        destruct (IH _ _ _ _ I1 K1 E) as (G2 & I2 & K2). auto.
      + destruct (performed None (i_actions i)) eqn:P; [| discriminate].
        destruct (c_actions M T true None [] A (i_actions i)) as [A1|] eqn:E1; [| discriminate].
        apply actions_ok with (s := s) (meant := name s) in E1; auto.
        destruct E1 as (G & I1 & K1).
        destruct (IH _ _ _ _ I1 K1 E) as (G2 & I2 & K2). auto.
  Qed.

  (** ** Edges (S2) *)

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
  Lemma assign_notin ps l i : forall h,
    (forall p, In p (List.map fst ps) -> cell_of M p = None) ->
    ~ In l (List.map fst ps) -> assign M ps h l i = h l i.
  Proof.
    induction ps as [| [p c] r IH]; simpl; intros h F N; auto.
    rewrite IH; [| intros; apply F; tauto | tauto].
    apply write_other; [intros ->; tauto |]. unfold overl. rewrite (F p) by auto.
    now rewrite andb_false_r.
  Qed.

  Lemma assign_lookup params : forall args h0 h l i,
    nodup params = true -> length args = length params ->
    (forall p, In p params -> cell_of M p = None) ->
    assign M (combine params (List.map h0 args)) h l i =
    if memb l params then h0 (lookup (combine params args) l) i else h l i.
  Proof.
    induction params as [| p ps IH]; intros args h0 h l i D L F.
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

  Lemma assign_parallel params args h l i :
    nodup params = true -> length args = length params ->
    (forall p, In p params -> cell_of M p = None) ->
    assign M (combine params (List.map h args)) h l i = h (lookup (combine params args) l) i.
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

  Lemma assign_Inv params args s :
    nodup params = true -> length args = length params ->
    (forall p, In p params -> cell_of M p = None) ->
    Inv s -> Inv (set_holds (assign M (combine params (List.map (holds s) args)) (holds s)) s).
  Proof.
    intros D L F I. constructor; simpl; try apply I.
    - intros l i. rewrite assign_parallel by auto. apply (wf_hold _ _ _ I).
    - intros r l i j O. rewrite !assign_parallel by auto. intros Hr Hl.
      assert (X : cell_of M r <> None /\ cell_of M l <> None).
      { unfold overl in O. btrue. destruct (cell_of M r), (cell_of M l); split; congruence. }
      destruct X. rewrite lookup_noncell in Hr, Hl by auto. eapply (excl _ _ _ I); eauto.
  Qed.

  (** What binding one name does to what is true. *)
  Definition pinv (s : state) (p : val) (m : option inst) : Prop :=
    match m with
    | None => True
    | Some i =>
        i < next s /\
        (always p = true -> (isref s i = true \/ i = null) \/ is_declared M p = true) /\
        (listed p = false -> isref s i = false /\ is_declared M p = false)
    end.

  Lemma bind1_Inv p m s : pinv s p m -> Inv s -> Inv (bind1 M p m s).
  Proof.
    intros P I. destruct m as [i|]; simpl.
    2:{ constructor; simpl; try apply I; intros v j.
        - destruct (v =? p); [discriminate | apply I].
        - intros X. destruct (v =? p); [discriminate | now apply I].
        - intros X. destruct (v =? p); [discriminate | now apply I]. }
    destruct P as (Hi & Pa & Pu). pose proof (wf_null _ _ _ I) as Z.
    destruct (is_declared M p && negb (isref s i) && negb (i =? null)) eqn:Q.
    - btrue. constructor; simpl.
      + lia.
      + unfold null in *. destruct (next s); [lia | apply (null_not _ _ _ I)].
      + intros v j. destruct (v =? p); intros E; [injection E as <-; lia |].
        apply I in E. lia.
      + intros l k. destruct (k =? next s) eqn:E; btrue; [lia |].
        intros X. apply (wf_hold _ _ _ I) in X. lia.
      + intros r l x y O Hr Hl.
        assert (exists x', holds s r x' = true) as [x' Hx] by (destruct (x =? next s); eauto).
        assert (exists y', holds s l y' = true) as [y' Hy] by (destruct (y =? next s); eauto).
        eapply (excl _ _ _ I); eauto.
      + intros v j A. destruct (v =? p) eqn:E; intros X.
        * injection X as <-. rewrite Nat.eqb_refl. auto.
        * destruct (j =? next s); auto. eapply (alw _ _ _ I); eauto.
      + intros v j U. destruct (v =? p) eqn:E; intros X.
        * btrue. subst v. destruct (Pu U) as [_ ND]. congruence.
        * assert (j < next s) by (apply (wf_name _ _ _ I) in X; auto).
          destruct (j =? next s) eqn:Y; btrue; [lia |]. eapply (unl _ _ _ I); eauto.
    - constructor; simpl; try apply I.
      + intros v j. destruct (v =? p); intros E; [injection E as <-; auto |]. now apply I in E.
      + intros v j A. destruct (v =? p) eqn:E; intros X; [| now apply (alw _ _ _ I v)].
        injection X as <-. btrue. subst v. destruct (Pa A) as [|D]; auto.
        rewrite D in Q. simpl in Q. apply andb_false_iff in Q.
        destruct Q as [Q | Q]; apply negb_false_iff in Q; btrue; auto.
      + intros v j U. destruct (v =? p) eqn:E; intros X; [| now apply (unl _ _ _ I v)].
        injection X as <-. btrue. subst v. now destruct (Pu U).
  Qed.

  (** Copies and kinds of what there was are kept, and names of others. *)
  Record kept (s s' : state) : Prop := {
    k_next : next s <= next s';
    k_holds : forall l i, i < next s -> holds s' l i = holds s l i;
    k_isref : forall i, i < next s -> isref s' i = isref s i }.

  Lemma kept_refl s : kept s s.
  Proof. constructor; auto. Qed.
  Lemma kept_trans a b c : kept a b -> kept b c -> kept a c.
  Proof.
    intros [N1 H1 R1] [N2 H2 R2]. constructor; [lia | |].
    - intros. rewrite H2, H1 by lia. auto.
    - intros. rewrite R2, R1 by lia. auto.
  Qed.

  Lemma bind1_kept p m s : kept s (bind1 M p m s).
  Proof.
    destruct m as [i|]; simpl; [| constructor; auto].
    destruct (is_declared M p && negb (isref s i) && negb (i =? null)); constructor; simpl; auto; try lia.
    - intros l j Hj. destruct (j =? next s) eqn:E; btrue; [lia | auto].
    - intros j Hj. destruct (j =? next s) eqn:E; btrue; [lia | auto].
  Qed.

  Lemma bind_kept ps : forall s, kept s (bind M ps s).
  Proof.
    induction ps as [| [p m] r IH]; intros s; simpl; [apply kept_refl |].
    eapply kept_trans; [apply bind1_kept | apply IH].
  Qed.

  Lemma bind1_name p m s v : v <> p -> name (bind1 M p m s) v = name s v.
  Proof.
    intros N. apply Nat.eqb_neq in N. destruct m as [i|]; simpl; [| now rewrite N].
    destruct (is_declared M p && negb (isref s i) && negb (i =? null)); simpl; now rewrite N.
  Qed.

  Lemma bind_name ps v : forall s, ~ In v (List.map fst ps) -> name (bind M ps s) v = name s v.
  Proof.
    induction ps as [| [p m] r IH]; intros s N; simpl in *; auto.
    rewrite IH by tauto. apply bind1_name. intros ->. tauto.
  Qed.

  Lemma pinv_kept s s' p m : kept s s' -> pinv s p m -> pinv s' p m.
  Proof.
    intros K. destruct m as [i|]; simpl; auto. intros (L & A & U).
    rewrite (k_isref _ _ K) by auto. split; [pose proof (k_next _ _ K); lia | auto].
  Qed.

  Lemma bind_Inv ps : forall s,
    Forall (fun pm => pinv s (fst pm) (snd pm)) ps -> Inv s -> Inv (bind M ps s).
  Proof.
    induction ps as [| [p m] r IH]; intros s F I; simpl; auto.
    inversion F as [| ? ? F1 F2]; subst. apply IH.
    - eapply Forall_impl; [| exact F2]. intros [q n] X. eapply pinv_kept; [apply bind1_kept | exact X].
    - apply bind1_Inv; auto.
  Qed.

  (** A parameter is in all the places its argument was in; a declared one is a reference. *)
  Lemma bind_param ps : forall s p i l,
    nodup (List.map fst ps) = true -> Inv s ->
    Forall (fun pm => pinv s (fst pm) (snd pm)) ps ->
    In (p, Some i) ps -> holds s l i = true ->
    exists j, name (bind M ps s) p = Some j /\ holds (bind M ps s) l j = true /\
              (is_declared M p = true -> isref (bind M ps s) j = true \/ j = null).
  Proof.
    induction ps as [| [q m] r IH]; intros s p i l D I F Hin Hh; [destruct Hin |].
    apply nodup_cons in D. destruct D as [N D]. inversion F as [| ? ? F1 F2]; subst.
    assert (I1 : Inv (bind1 M q m s)) by (apply bind1_Inv; auto).
    simpl. destruct Hin as [E | Hin].
    - injection E as -> ->.
      assert (Hi : i < next s) by apply F1.
      set (s1 := bind1 M p (Some i) s).
      assert (X : exists j, name s1 p = Some j /\ holds s1 l j = true /\
                            (is_declared M p = true -> isref s1 j = true \/ j = null)).
      { unfold s1. cbn [bind1].
        destruct (is_declared M p && negb (isref s i) && negb (i =? null)) eqn:Q; cbn [name holds isref].
        - exists (next s). rewrite !Nat.eqb_refl. auto.
        - exists i. rewrite Nat.eqb_refl. repeat split; auto. intros P. rewrite P in Q. simpl in Q.
          apply andb_false_iff in Q. destruct Q as [Q | Q]; apply negb_false_iff in Q; btrue; auto. }
      destruct X as (j & Xn & Xh & Xr). exists j.
      assert (L : j < next s1) by (eapply (wf_hold _ _ _ I1); eauto).
      pose proof (bind_kept r s1) as K.
      rewrite bind_name by auto. rewrite (k_holds _ _ K), (k_isref _ _ K) by auto. auto.
    - apply IH with (i := i); auto.
      + eapply Forall_impl; [| exact F2]. intros [x n] X.
        eapply pinv_kept; [apply bind1_kept | exact X].
      + rewrite (k_holds _ _ (bind1_kept q m s)); auto. eapply (wf_hold _ _ _ I); eauto.
  Qed.

  (** A parameter that is passed null means null. *)
  Lemma bind_null ps : forall s p,
    nodup (List.map fst ps) = true -> In (p, Some null) ps -> name (bind M ps s) p = Some null.
  Proof.
    induction ps as [| [q m] r IH]; intros s p D Hin; [destruct Hin |].
    apply nodup_cons in D. destruct D as [N D]. simpl. destruct Hin as [E | Hin]; [| now apply IH].
    injection E as -> ->. rewrite bind_name by auto. cbn [bind1].
    rewrite Nat.eqb_refl, andb_false_r. simpl. now rewrite Nat.eqb_refl.
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

  Lemma claimed_ok e s :
    (forall c, In c (e_claims e) -> sat s (fst c) (snd c)) ->
    (forall v, In v (e_nulls e) -> name s v = Some null) ->
    ok s (claimed e).
  Proof.
    intros H N. unfold claimed. constructor.
    - intros l f E. apply (know_learn_all fst (fun c => [snd c])) in E.
      destruct E as [([l' f'] & Hin & -> & [<- | []]) | E]; [exact (H _ Hin) |].
      unfold know, facts_at in E. cbn [k_facts] in E. rewrite get_empty in E. destruct E.
    - intros v E. unfold knows_null in E.
      rewrite (nulls_learn_all fst (fun c => [snd c])) in E. cbn [k_nulls] in E.
      apply has_set_of in E. auto.
  Qed.

  (** Both assignments of an edge, and what is claimed behind it. *)
  Lemma edge_ok s A params passed lparams largs e :
    Inv s -> ok s A ->
    nodup lparams = true -> nodup params = true ->
    length largs = length lparams -> length passed = length params ->
    (forall p, In p lparams -> cell_of M p = None) ->
    (forall v, In v (e_nulls e) -> knows_null A (lookup (combine params passed) v) = true) ->
    (forall c, In c (e_claims e) ->
       let c' := read_back T (combine lparams largs) (combine params passed) c in
       proves T A (fst c') (snd c') = true) ->
    (forall p a, In (p, a) (combine params passed) ->
                 always p = true -> always a = true \/ is_declared M p = true) ->
    (forall p a, In (p, a) (combine params passed) -> listed a = true -> listed p = true) ->
    (forall v, is_declared M v = true -> listed v = true) ->
    let s1 := set_holds (assign M (combine lparams (List.map (holds s) largs)) (holds s)) s in
    let s2 := bind M (combine params (List.map (name s) passed)) s1 in
    Inv s2 /\ ok s2 (claimed e).
  Proof.
    intros I K Dl Dp Ll Lp F HN HC HA HL HD s1 s2.
    assert (I1 : Inv s1) by (apply assign_Inv; auto).
    assert (P : Forall (fun pm => pinv s1 (fst pm) (snd pm))
                       (combine params (List.map (name s) passed))).
    { apply Forall_forall. intros [p m] Hin. apply combine_map_inv in Hin.
      destruct Hin as (a & -> & Hin). simpl. unfold pinv. destruct (name s a) as [i|] eqn:E; auto.
      simpl. split; [eapply (wf_name _ _ _ I); eauto |]. split.
      - intros Ap. destruct (HA _ _ Hin Ap) as [Aa|]; auto. left. eapply (alw _ _ _ I); eauto.
      - intros U. split.
        + apply (unl _ _ _ I a); auto. destruct (listed a) eqn:La; auto.
          rewrite (HL _ _ Hin La) in U. discriminate.
        + destruct (is_declared M p) eqn:X; auto. rewrite (HD _ X) in U. discriminate. }
    split; [now apply bind_Inv |].
    assert (NM : List.map fst (combine params (List.map (name s) passed)) = params).
    { apply combine_fst. now rewrite map_length. }
    assert (ND : nodup (List.map fst (combine params (List.map (name s) passed))) = true)
      by now rewrite NM.
    assert (H1 : forall l i, holds s1 l i = holds s (lookup (combine lparams largs) l) i).
    { intros. unfold s1. simpl. now apply assign_parallel. }
    pose proof (bind_kept (combine params (List.map (name s) passed)) s1) as KP. fold s2 in KP.
    (* What a value means behind the edge is what is passed for it, if anything is. *)
    assert (IN : forall v i, In v params -> name s (lookup (combine params passed) v) = Some i ->
                             In (v, Some i) (combine params (List.map (name s) passed))).
    { intros v i Vp Hn. rewrite <- Hn. apply combine_map_in. apply lookup_in.
      now rewrite combine_fst. }
    assert (OUT : forall v, ~ In v params -> lookup (combine params passed) v = v /\
                                            name s2 v = name s v).
    { intros v Vp. split; [apply lookup_notin; now rewrite combine_fst |].
      unfold s2. rewrite bind_name; auto. intros X. apply Vp. rewrite <- NM. exact X. }
    apply claimed_ok.
    2:{ intros v Hv. apply HN in Hv. apply (ok_nulls _ _ K) in Hv.
        destruct (in_dec Nat.eq_dec v params) as [Vp | Vp].
        - apply bind_null; auto.
        - destruct (OUT v Vp) as [L ->]. now rewrite L in Hv. }
    intros [l f] Hc. specialize (HC _ Hc). cbn [fst snd read_back] in HC.
    apply (proves_sat M C s A) in HC; [| exact I | exact K]. cbn [fst snd].
    assert (KEPT : forall i, holds s (lookup (combine lparams largs) l) i = true ->
                             holds s2 l i = true /\ i < next s).
    { intros i Hh. assert (Li : i < next s1) by (simpl; eapply (wf_hold _ _ _ I); eauto).
      split; auto. rewrite (k_holds _ _ KP) by auto. now rewrite H1. }
    destruct HC as [(w & i & Hw & Hn & Hh) | [(Hz & Hh) | (Hr & i & Hh & Hi)]].
    - simpl in Hw. apply in_app_or in Hw. destruct Hw as [Hw | Hw].
      + apply in_map_iff in Hw. destruct Hw as (v & <- & Hv). left.
        destruct (in_dec Nat.eq_dec v params) as [Vp | Vp].
        * destruct (bind_param (combine params (List.map (name s) passed)) s1 v i l)
            as (j & Y & Z & _); auto; [now rewrite H1 |]. exists v, j. auto.
        * destruct (OUT v Vp) as [L Q]. rewrite L in Hn.
          exists v, i. repeat split; auto; [congruence | now apply KEPT].
      + destruct (allows_reference (f_else f)) eqn:Rf; [| destruct Hw].
        apply in_map_iff in Hw. destruct Hw as ((p & a) & E & X). simpl in E. subst a.
        apply filter_In in X. destruct X as [X Y]. simpl in Y. rewrite decl_is in Y.
        apply (combine_map_in (name s)) in X. rewrite Hn in X.
        destruct (bind_param (combine params (List.map (name s) passed)) s1 p i l)
          as (j & _ & Z & W); auto; [now rewrite H1 |]. destruct (W Y) as [R | ->].
        * right. right. split; auto. exists j. auto.
        * right. left. split; auto. now destruct (f_else f).
    - right. left. split; auto. now apply KEPT.
    - right. right. split; auto. exists i. destruct (KEPT i Hh) as [Q Li]. split; auto.
      rewrite (k_isref _ _ KP); auto.
  Qed.

  (** ** The start (S1) *)

  Lemma nothing_Inv : Inv nothing.
  Proof. constructor; simpl; try discriminate; auto. Qed.

  Lemma unknown_ok s : ok s unknown.
  Proof.
    constructor; unfold know, facts_at, knows_null, unknown; cbn [k_facts k_nulls].
    - intros l f. rewrite get_empty. intros [].
    - intros v. rewrite has_empty. discriminate.
  Qed.

  Lemma define_params_ok ps :
    (forall v, In v (List.map fst ps) -> always v = true -> is_declared M v = true) ->
    (forall v, is_declared M v = true -> listed v = true) ->
    forall s A, Inv s -> ok s A ->
    Inv (define_params M ps s) /\ ok (define_params M ps s) (a_params_defined M ps A).
  Proof.
    induction ps as [| [v at_] r IH]; intros HA HD s A I K; simpl; auto.
    apply IH; auto.
    - intros w Hw. apply HA. right. auto.
    - apply define_Inv; auto.
      + intros Av. apply HA; simpl; auto.
      + intros Lv. destruct (is_declared M v) eqn:E; auto.
        rewrite (HD _ E) in Lv. discriminate.
    - now apply (define_ok M C).
  Qed.
End Steps.
