(** What an accepted certificate says of each block and edge that it lists. *)
From Coq Require Import List Arith Bool Lia.
Import ListNotations.
From SM Require Import Maps Model Machines Certificate Checker Known Facts Edges.

Lemma positions_nth es b : forall n m k e,
  get (positions n es m) b = Some (k, e) ->
  (n <= k /\ nth_error es (k - n) = Some e /\ e_block e = b) \/ get m b = Some (k, e).
Proof.
  induction es as [| x r IH]; simpl; intros n m k e E; auto.
  apply IH in E. destruct E as [(L & N & B) | E].
  - left. split; [lia |]. split; auto. now replace (k - n) with (S (k - S n)) by lia.
  - rewrite get_put in E. destruct (b =? e_block x) eqn:Q; auto. btrue.
    injection E as <- <-. left. rewrite Nat.sub_diag. auto.
Qed.

Section Entries.
  Variable M : model.
  Variable C : certificate.
  Notation T := (tables_of M C).
  Notation es := (c_blocks C).

  Hypothesis Entries : c_entries M T 0 es = true.

  Lemma place_nth b k e :
    get (t_places T) b = Some (k, e) -> nth_error es k = Some e /\ e_block e = b.
  Proof.
    intros E. apply positions_nth in E. destruct E as [(_ & N & B) | E].
    - now rewrite Nat.sub_0_r in N.
    - now rewrite get_empty in E.
  Qed.

  Lemma entries_nth l : forall n i e,
    c_entries M T n l = true -> nth_error l i = Some e -> c_entry M T (n + i) e = true.
  Proof.
    induction l as [| x r IH]; intros n [| i] e E N; simpl in *; try discriminate; btrue.
    - injection N as <-. now rewrite Nat.add_0_r.
    - rewrite <- Nat.add_succ_comm. auto.
  Qed.

  Lemma edges_nth place fl tk A l : forall n k x,
    c_edges M T place fl tk A n l = true -> nth_error l k = Some x ->
    c_edge M T place fl (tk (n + k)) A x = true.
  Proof.
    induction l as [| y r IH]; intros n [| k] x E N; simpl in *; try discriminate; btrue.
    - injection N as <-. now rewrite Nat.add_0_r.
    - rewrite <- Nat.add_succ_comm. auto.
  Qed.

  Lemma order_nth l : forall reached i e,
    c_order M reached l = true -> nth_error l i = Some e ->
    has reached (e_block e) = true \/
    exists j e' ab, j < i /\ nth_error l j = Some e' /\ ablock_at M (e_block e') = Some ab /\
                    In (e_block e) (List.map fst (a_edges ab)).
  Proof.
    induction l as [| x r IH]; intros reached [| i] e E N; cbn [c_order nth_error] in *;
      try discriminate; btrue.
    - injection N as <-. auto.
    - destruct (IH _ _ _ H0 N) as [Hin | (j & e' & ab & Hj & Nj & Aj & Hin)].
      + destruct (ablock_at M (e_block x)) as [ab|] eqn:Ax; auto.
        apply has_insert_all in Hin. destruct Hin as [Hin |]; auto.
        right. exists 0, x, ab. repeat split; auto. lia.
      + right. exists (S j), e', ab. repeat split; auto. lia.
  Qed.

  Lemma opt_eqb_eq a b : opt_eqb a b = true -> a = b.
  Proof.
    destruct a as [[]|], b as [[]|]; simpl; try discriminate; auto. intros. btrue. now subst.
  Qed.

  (** What an accepted entry says. *)
  Lemma entry_parts i e :
    nth_error es i = Some e ->
    exists ab A, ablock_at M (e_block e) = Some ab /\
      c_block M T (ops_of M (a_counterpart ab)) (a_instrs ab) (claimed e) = Some A /\
      (match a_counterpart ab, e_pending e with
       | Some m, None => exists bb, bblock_at M m = Some bb /\ b_ends bb = true /\
                                    length (a_edges ab) = length (b_edges bb)
       | None, Some _ => length (a_edges ab) = 1
       | _, _ => False
       end) /\
      (forall k x, nth_error (a_edges ab) k = Some x ->
         c_edge M T i (match a_counterpart ab with None => true | _ => false end)
                (taken ab (e_pending e) k) A x = true) /\
      a_ends ab = true /\
      exists e', get (t_places T) (e_block e) = Some (i, e').
  Proof.
    intros N. pose proof (entries_nth _ _ _ _ Entries N) as E. simpl in E.
    unfold c_entry in E. destruct (ablock_at M (e_block e)) as [ab|]; [| discriminate].
    apply andb_true_iff in E. destruct E as [E E4].
    apply andb_true_iff in E. destruct E as [E E3].
    apply andb_true_iff in E. destruct E as [E1 E2].
    destruct (c_block M T (ops_of M (a_counterpart ab)) (a_instrs ab) (claimed e)) as [A|] eqn:B;
      [| discriminate].
    exists ab, A. split; auto. split; auto. split; [| split; [| split; auto]].
    - destruct (a_counterpart ab) as [m|], (e_pending e) as [|]; try discriminate.
      + destruct (bblock_at M m) as [bb|]; [| discriminate]. btrue. eauto.
      + now btrue.
    - intros k x X. exact (edges_nth _ _ _ _ _ _ _ _ E4 X).
    - destruct (get (t_places T) (e_block e)) as [[p e']|]; [| discriminate]. btrue. subst. eauto.
  Qed.

  Lemma actions_placed own o acts : forall dn A A',
    c_actions M T own o dn A acts = Some A' ->
    forall a, In a acts -> well_placed M own a = true.
  Proof.
    induction acts as [| x r IH]; intros dn A A' E a []; simpl in E;
      destruct (c_action M T own o dn A x) as [[dn1 A1]|] eqn:E1; try discriminate; eauto.
    subst. apply placed_well. unfold c_action in E1. destruct (c_placed M own a); auto. discriminate.
  Qed.

  Lemma block_placed is : forall ops A A', c_block M T ops is A = Some A' ->
    forall i a, In i is -> In a (i_actions i) -> well_placed M (negb (i_performs i)) a = true.
  Proof.
    induction is as [| x r IH]; intros ops A A' E i a []; simpl in E;
      destruct (i_performs x) eqn:P; try (destruct ops as [| o ops]; [discriminate |]);
      (destruct (performed _ _); [| discriminate]);
      destruct (c_actions M T _ _ [] A (i_actions x)) as [A1|] eqn:E1; try discriminate;
      intros Ha; eauto; subst; rewrite P; eapply actions_placed; eauto.
  Qed.

  (** A block is listed once. *)
  Lemma listed_once i j e e' :
    nth_error es i = Some e -> nth_error es j = Some e' -> e_block e = e_block e' -> e = e'.
  Proof.
    intros N N' B.
    destruct (entry_parts _ _ N) as (ab & A & _ & _ & _ & _ & _ & e1 & P).
    destruct (entry_parts _ _ N') as (ab' & A' & _ & _ & _ & _ & _ & e2 & P').
    rewrite B, P' in P. injection P as -> _. congruence.
  Qed.

  (** What an accepted edge says. *)
  Lemma edge_parts place fl tk A t args :
    c_edge M T place fl tk A (t, args) = true ->
    exists j e at_ m k t' vs params passed,
      nth_error es j = Some e /\ e_block e = t /\ ablock_at M t = Some at_ /\
      tk = Some (m, k) /\ bedge M m k = Some (t', vs) /\
      bound M tk at_ = Some (params, passed) /\
      match a_counterpart at_ with
      | Some m' => m' = t' /\ passed = vs /\ exists bt, bblock_at M t' = Some bt /\ params = b_params bt
      | None => params = [] /\ passed = [] /\ e_pending e = tk /\ (fl = true -> place < j)
      end /\
      nodup (a_params at_) = true /\ nodup params = true /\
      length args = length (a_params at_) /\ length passed = length params /\
      forallb (inside M) args = true /\
      (forall p, In p (a_params at_) -> cell_of M p = None) /\
      (forall v, In v (e_nulls e) -> knows_null A (lookup (combine params passed) v) = true) /\
      (forall c, In c (e_claims e) ->
         let c' := read_back T (combine (a_params at_) args) (combine params passed) c in
         proves T A (fst c') (snd c') = true) /\
      (forall p a, In (p, a) (combine params passed) ->
         always T p = true ->
           always T a = true \/ knows_null A a = true \/ is_declared M p = true).
  Proof.
    unfold c_edge. intros E.
    destruct (get (t_places T) t) as [[j e]|] eqn:Fe; [| discriminate].
    destruct (ablock_at M t) as [at_|] eqn:At; [| discriminate].
    destruct (bound M tk at_) as [[params passed]|] eqn:B; [| discriminate].
    apply place_nth in Fe. destruct Fe as (Fe & Be).
    pose proof B as B0. unfold bound in B.
    destruct tk as [[m k]|]; [| discriminate].
    destruct (bedge M m k) as [[t' vs]|] eqn:Be'; [| discriminate].
    apply andb_true_iff in E. destruct E as [E E8].
    apply andb_true_iff in E. destruct E as [E E7].
    apply andb_true_iff in E. destruct E as [E E10].
    apply andb_true_iff in E. destruct E as [E E6].
    apply andb_true_iff in E. destruct E as [E E9].
    apply andb_true_iff in E. destruct E as [E E5].
    apply andb_true_iff in E. destruct E as [E E4].
    apply andb_true_iff in E. destruct E as [E E3].
    apply andb_true_iff in E. destruct E as [E1 E2].
    rewrite forallb_forall in E6, E7, E8, E10. btrue.
    exists j, e, at_, m, k, t', vs, params, passed.
    repeat match goal with |- _ /\ _ => split end; auto.
    - destruct (a_counterpart at_) as [m'|].
      + destruct (m' =? t') eqn:Q; [| discriminate]. btrue. subst m'.
        destruct (bblock_at M t') as [bt|] eqn:Bt; [| discriminate].
        injection B as <- <-. eauto.
      + injection B as <- <-. simpl in E1. btrue. apply opt_eqb_eq in H. repeat split; auto.
        intros ->. simpl in H0. now apply Nat.ltb_lt.
    - intros p Hp. specialize (E6 _ Hp). unfold is_named in E6. unfold cell_of.
      destruct (place_at M p) as [[|]|]; congruence.
    - intros p a Hin Ap. specialize (E8 _ Hin). simpl in E8. rewrite Ap in E8. simpl in E8.
      apply orb_true_iff in E8. destruct E8 as [E8 | E8]; [| right; right; now rewrite <- decl_is with (C := C)].
      apply orb_true_iff in E8. destruct E8; auto.
  Qed.
End Entries.
