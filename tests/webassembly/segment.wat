;; The array is loaded from a global, lives across calls for the segment, and becomes a reference of
;; the loop that copies the elements. For the null collector Wasmtime does not declare what it loads.
(module
  (type $t (func))
  (type $array (array (mut funcref)))
  (func $f)
  (elem $segment funcref (ref.func $f))
  (global $g (ref $array) (array.new_default $array (i32.const 4)))
  (func (export "run") (param i32 i32 i32)
    (array.init_elem $array $segment
      (global.get $g) (local.get 0) (local.get 1) (local.get 2))))
