;; A number that a call returns lives through the loop in which `array.new` stores references, whose
;; own result nothing uses: the number is no result of it.
(module
  (type $array (array (mut anyref)))
  (import "" "number" (func $number (result i32)))
  (func (export "f") (param anyref i32) (result i32)
    (local $number i32)
    (block $caught
      (try_table (catch_all $caught)
        (local.set $number (call $number))
        (drop (array.new $array (local.get 0) (local.get 1)))
        (drop (call $number))
        (return (local.get $number))))
    (i32.const 0)))
