;; A module with references, one that is refused as expected, one that has none.
(module
  (type $node (struct (field (mut (ref null $node)))))
  (import "" "f" (func $f))
  (func (param externref) (result externref) (call $f) (local.get 0))
  ;; Reference counting counts what is read here.
  (func (param (ref $node)) (result (ref null $node))
    (local (ref null $node))
    (local.set 1 (struct.get $node 0 (local.get 0)))
    (call $f)
    (local.get 1)))
(assert_invalid (module (func (result i32))) "type mismatch")
(module (func))
