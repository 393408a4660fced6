(** Certificates, and what is known at one moment. *)
From Coq Require Import List Arith Bool.
Import ListNotations.
From SM Require Import Maps Model.

(** * Certificates *)

Inductive otherwise := Nothing | OrNull | OrReference.
Record fact := Fact { f_vals : list val; f_else : otherwise }.
Definition claim := (loc * fact)%type.
Record entry := Entry
  { e_block : blk; e_pending : option (blk * nat); e_nulls : list val; e_claims : list claim }.
Record certificate := Certificate { c_refs : list (val * bool); c_blocks : list entry }.

Definition just (v : val) := Fact [v] Nothing.
Definition anyref := Fact [] OrReference.
Definition is_anyref (f : fact) : bool :=
  match f with Fact [] OrReference => true | _ => false end.

Definition at_most (a b : otherwise) : bool :=
  match a, b with
  | Nothing, _ | OrNull, OrNull | OrNull, OrReference | OrReference, OrReference => true
  | OrNull, Nothing | OrReference, Nothing | OrReference, OrNull => false
  end.
Definition or_null (a : otherwise) : otherwise :=
  match a with Nothing => OrNull | OrNull | OrReference => a end.
Definition allows_reference (a : otherwise) : bool :=
  match a with OrReference => true | Nothing | OrNull => false end.
Definition allows_null (a : otherwise) : bool :=
  match a with OrReference | OrNull => true | Nothing => false end.

(** * What is known at one moment *)

Record known := Known
  { k_facts : map (list fact);
    k_nulls : set;
    k_named : set }.   (* all values that the facts name, and perhaps more *)
Definition facts_at (A : known) (l : loc) : list fact :=
  match get (k_facts A) l with Some fs => fs | None => [] end.
Definition knows_null (A : known) (v : val) : bool := has (k_nulls A) v.
Definition unknown : known := Known empty empty empty.

Definition names (fs : list fact) (s : set) : set :=
  fold_left (fun s f => insert_all (f_vals f) s) fs s.
Definition learn (l : loc) (fs : list fact) (A : known) : known :=
  Known (put l (fs ++ facts_at A l) (k_facts A)) (k_nulls A) (names fs (k_named A)).
Definition forget (l : loc) (A : known) : known :=
  Known (drop l (k_facts A)) (k_nulls A) (k_named A).
Definition keep (p : loc -> fact -> bool) (A : known) : known :=
  Known (each (fun l fs => filter (p l) fs) (k_facts A)) (k_nulls A) (k_named A).
Definition claimed (e : entry) : known :=
  fold_left (fun A c => learn (fst c) [snd c] A) (e_claims e) (Known empty (set_of (e_nulls e)) empty).
