;; A loop-invariant reference `$a`, and a reference `$b` that is the result of the
;; loop's last call and is needed after the loop.
(module
  (type $t (struct (field i32)))
  (import "" "make" (func $make (result (ref $t))))
  (import "" "use" (func $use (param (ref $t))))
  (import "" "collect" (func $collect))
  (import "" "more" (func $more (result i32)))
  (func (export "f") (param $again i32)
    (local $a (ref $t))
    (local $b (ref $t))
    (local.set $a (call $make))
    (local.set $b (local.get $a))
    (loop $loop
      (call $use (local.get $a))
      (local.set $b (call $make))
      (br_if $loop (local.get $again)))
    (call $collect)
    (call $use (local.get $b))))
