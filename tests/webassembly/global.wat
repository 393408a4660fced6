;; Passes a reference from a global that does not change to two calls. The optimizer
;; loads it once; but the global keeps the object, so that is right for a collector that
;; does not move it.
(module
  (type $object (struct))
  (import "" "use" (func $use (param (ref $object))))
  (global $constant (ref $object) (struct.new $object))
  (func (export "f")
    (call $use (global.get $constant))
    (call $use (global.get $constant))))
