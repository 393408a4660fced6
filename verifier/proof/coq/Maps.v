(** Finite maps from numbers, by what they return. Nothing else of them is used. *)
From Coq Require Import List Arith Bool FMapAVL FMapFacts OrderedTypeEx.
Import ListNotations.

Module NatMap := FMapAVL.Make Nat_as_OT.
Module NatMapFacts := FMapFacts.WFacts_fun Nat_as_OT NatMap.

Definition map := NatMap.t.
Definition empty {A} : map A := NatMap.empty A.
Definition get {A} (m : map A) (k : nat) : option A := NatMap.find k m.
Definition put {A} (k : nat) (a : A) (m : map A) : map A := NatMap.add k a m.
Definition drop {A} (k : nat) (m : map A) : map A := NatMap.remove k m.
Definition each {A} (f : nat -> A -> A) (m : map A) : map A := NatMap.mapi f m.
Definition has {A} (m : map A) (k : nat) : bool :=
  match get m k with Some _ => true | None => false end.

Lemma get_empty {A} k : get (@empty A) k = None.
Proof. apply NatMapFacts.empty_o. Qed.

Lemma get_put {A} k (a : A) m x : get (put k a m) x = if x =? k then Some a else get m x.
Proof.
  unfold get, put. rewrite NatMapFacts.add_o. destruct (Nat_as_OT.eq_dec k x) as [E | E]; destruct (Nat.eqb_spec x k) as [F | F];
    try reflexivity; exfalso; congruence.
Qed.

Lemma get_drop {A} k (m : map A) x : get (drop k m) x = if x =? k then None else get m x.
Proof.
  unfold get, drop. rewrite NatMapFacts.remove_o. destruct (Nat_as_OT.eq_dec k x) as [E | E]; destruct (Nat.eqb_spec x k) as [F | F];
    try reflexivity; exfalso; congruence.
Qed.

Lemma get_each {A} f (m : map A) x : get (each f m) x = option_map (f x) (get m x).
Proof.
  unfold get, each. apply NatMapFacts.mapi_o. intros y z e E. now rewrite E.
Qed.

(** ** Sets *)

Definition set := map unit.
Definition insert (k : nat) (s : set) : set := put k tt s.
Definition insert_all (l : list nat) (s : set) : set := fold_left (fun s k => insert k s) l s.
Definition set_of (l : list nat) : set := insert_all l empty.

Lemma has_empty {A} k : has (@empty A) k = false.
Proof. unfold has. now rewrite get_empty. Qed.

Lemma has_insert k s x : has (insert k s) x = (x =? k) || has s x.
Proof. unfold has, insert. rewrite get_put. now destruct (x =? k). Qed.

Lemma has_drop {A} k (s : map A) x : has (drop k s) x = negb (x =? k) && has s x.
Proof. unfold has. rewrite get_drop. now destruct (x =? k). Qed.

Lemma has_insert_all l x : forall s, has (insert_all l s) x = true <-> In x l \/ has s x = true.
Proof.
  induction l as [| y l IH]; intros s; simpl; [tauto |].
  rewrite IH, has_insert, orb_true_iff, Nat.eqb_eq. intuition congruence.
Qed.

Lemma has_set_of l x : has (set_of l) x = true <-> In x l.
Proof. unfold set_of. rewrite has_insert_all, has_empty. intuition congruence. Qed.
