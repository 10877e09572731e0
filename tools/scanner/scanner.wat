;; Finds where a JSON object or array ends, 64 bytes at a time: the first stage of simdjson, in small.
;;
;; For each block of 64 bytes three masks are made, one bit a byte: where the quotes, the backslashes and
;; the brackets are. Quotes behind a backslash in a string are dropped; the prefix xor of the others is
;; the mask of what lies in strings; the brackets outside of it are visited one by one.
;;
;; It does what `ByteFramer` does, also with bytes that are no JSON: `simd-framer.test.ts` holds them
;; against each other. Made into `src/decode/json/generated/scanner.ts` by `build.ts`.
(module
  ;; 0x00000  state: i32 depth, i32 string state (1 in a string, 2 behind a backslash in it)
  ;; 0x00008  i32 number of notes, i32 where the failure is
  ;; 0x01000  open brackets: one byte for each level, from level 1 on
  ;; 0x10000  the bytes to scan: at most 0x10000, and a block may be read beyond their end
  ;; 0x20000  notes: i32 end << 2 | depth. Two bytes make a note at most, so two pages and a bit are enough
  (memory (export "memory") 5)

  ;; One bit for each of the 16 bytes at $p that is $byte.
  (func $equal16 (param $p i32) (param $byte i32) (result i64)
    (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (v128.load (local.get $p)) (i8x16.splat (local.get $byte))))))

  ;; One bit for each of the 16 bytes at $p that is a bracket: with bit 0x20 set, '[' is '{' and ']' is '}'.
  (func $brackets16 (param $p i32) (result i64)
    (local $folded v128)
    (local.set $folded (v128.or (v128.load (local.get $p)) (i8x16.splat (i32.const 0x20))))
    (i64.extend_i32_u (i8x16.bitmask (v128.or
      (i8x16.eq (local.get $folded) (i8x16.splat (i32.const 0x7b)))
      (i8x16.eq (local.get $folded) (i8x16.splat (i32.const 0x7d)))))))

  (func $join (param $a i64) (param $b i64) (param $c i64) (param $d i64) (result i64)
    (i64.or
      (i64.or (local.get $a) (i64.shl (local.get $b) (i64.const 16)))
      (i64.or (i64.shl (local.get $c) (i64.const 32)) (i64.shl (local.get $d) (i64.const 48)))))

  (func $equal (param $p i32) (param $byte i32) (result i64)
    (call $join
      (call $equal16 (local.get $p) (local.get $byte))
      (call $equal16 (i32.add (local.get $p) (i32.const 16)) (local.get $byte))
      (call $equal16 (i32.add (local.get $p) (i32.const 32)) (local.get $byte))
      (call $equal16 (i32.add (local.get $p) (i32.const 48)) (local.get $byte))))

  (func $brackets (param $p i32) (result i64)
    (call $join
      (call $brackets16 (local.get $p))
      (call $brackets16 (i32.add (local.get $p) (i32.const 16)))
      (call $brackets16 (i32.add (local.get $p) (i32.const 32)))
      (call $brackets16 (i32.add (local.get $p) (i32.const 48)))))

  ;; Each bit of the result is the xor of that bit and all below it.
  (func $prefix_xor (param $bits i64) (result i64)
    (local.set $bits (i64.xor (local.get $bits) (i64.shl (local.get $bits) (i64.const 1))))
    (local.set $bits (i64.xor (local.get $bits) (i64.shl (local.get $bits) (i64.const 2))))
    (local.set $bits (i64.xor (local.get $bits) (i64.shl (local.get $bits) (i64.const 4))))
    (local.set $bits (i64.xor (local.get $bits) (i64.shl (local.get $bits) (i64.const 8))))
    (local.set $bits (i64.xor (local.get $bits) (i64.shl (local.get $bits) (i64.const 16))))
    (i64.xor (local.get $bits) (i64.shl (local.get $bits) (i64.const 32))))

  (func $without (param $bits i64) (param $gone i64) (result i64)
    (i64.and (local.get $bits) (i64.xor (local.get $gone) (i64.const -1))))

  (func $fail (param $at i32) (param $failure i32) (result i32)
    (i32.store (i32.const 0xc) (local.get $at))
    (local.get $failure))

  ;; Goes on with a value from $p to $end and notes the ends of nested values down to $note_depth.
  ;; Returns the address behind the value, -1 where it goes on, -2 for a bracket that closes what is not
  ;; open, -3 where it is too deep.
  (func (export "scan") (param $p i32) (param $end i32) (param $note_depth i32) (result i32)
    (local $depth i32) (local $note i32)
    (local $in_string i64)                                       ;; all bits or none: whether the block begins in a string
    (local $escaped i64)                                         ;; bit 0: whether its first byte is behind a backslash
    (local $quotes i64) (local $slashes i64) (local $open i64)
    (local $valid i64) (local $last i64) (local $bit i64)        ;; of a block that the end cuts: its bits, its last bit
    (local $at i32) (local $byte i32)
    (local.set $depth (i32.load (i32.const 0)))
    (local.set $in_string (i64.sub (i64.const 0) (i64.and (i64.load32_u (i32.const 4)) (i64.const 1))))
    (local.set $escaped (i64.shr_u (i64.load32_u (i32.const 4)) (i64.const 1)))
    (local.set $note (i32.const 0x20000))
    (i32.store (i32.const 8) (i32.const 0))
    (block $end_of_bytes (loop $blocks
      (br_if $end_of_bytes (i32.ge_u (local.get $p) (local.get $end)))
      (local.set $quotes (call $equal (local.get $p) (i32.const 0x22)))
      (local.set $slashes (call $equal (local.get $p) (i32.const 0x5c)))
      (local.set $open (call $brackets (local.get $p)))
      (local.set $last (i64.const 63))
      (if (i32.lt_u (i32.sub (local.get $end) (local.get $p)) (i32.const 64)) (then
        (local.set $last (i64.extend_i32_u (i32.sub (i32.sub (local.get $end) (local.get $p)) (i32.const 1))))
        (local.set $valid (i64.sub (i64.shl (i64.const 2) (local.get $last)) (i64.const 1)))
        (local.set $quotes (i64.and (local.get $quotes) (local.get $valid)))
        (local.set $slashes (i64.and (local.get $slashes) (local.get $valid)))
        (local.set $open (i64.and (local.get $open) (local.get $valid)))))

      ;; What a backslash escapes is neither a quote nor a backslash. Outside a string a backslash is nothing.
      (local.set $quotes (call $without (local.get $quotes) (local.get $escaped)))
      (local.set $slashes (call $without (local.get $slashes) (local.get $escaped)))
      (local.set $escaped (i64.const 0))
      (block $no_slash (loop $each_slash
        (br_if $no_slash (i64.eqz (local.get $slashes)))
        (local.set $bit (i64.and (local.get $slashes) (i64.sub (i64.const 0) (local.get $slashes))))
        (local.set $slashes (i64.xor (local.get $slashes) (local.get $bit)))
        (if (i32.wrap_i64 (i64.and (i64.const 1) (i64.xor (local.get $in_string)
              (i64.popcnt (i64.and (local.get $quotes) (i64.sub (local.get $bit) (i64.const 1)))))))
          (then
            (local.set $escaped (i64.shr_u (local.get $bit) (local.get $last)))
            (local.set $bit (i64.shl (local.get $bit) (i64.const 1)))
            (local.set $quotes (call $without (local.get $quotes) (local.get $bit)))
            (local.set $slashes (call $without (local.get $slashes) (local.get $bit)))))
        (br $each_slash)))

      ;; From here on $quotes is what lies in strings.
      (local.set $quotes (i64.xor (call $prefix_xor (local.get $quotes)) (local.get $in_string)))
      (local.set $in_string (i64.shr_s (local.get $quotes) (i64.const 63)))
      (local.set $open (call $without (local.get $open) (local.get $quotes)))

      (block $no_bracket (loop $each_bracket
        (br_if $no_bracket (i64.eqz (local.get $open)))
        (local.set $at (i32.add (local.get $p) (i32.wrap_i64 (i64.ctz (local.get $open)))))
        (local.set $open (i64.and (local.get $open) (i64.sub (local.get $open) (i64.const 1))))
        (local.set $byte (i32.load8_u (local.get $at)))
        (if (i32.and (local.get $byte) (i32.const 4))            ;; ']' and '}' have this bit, '[' and '{' have not
          (then
            (if (i32.ne (i32.load8_u offset=0x1000 (local.get $depth)) (i32.sub (local.get $byte) (i32.const 2)))
              (then (return (call $fail (local.get $at) (i32.const -2)))))
            (local.set $depth (i32.sub (local.get $depth) (i32.const 1)))
            (if (i32.le_u (local.get $depth) (local.get $note_depth)) (then
              (if (i32.eqz (local.get $depth)) (then (return (i32.add (local.get $at) (i32.const 1)))))
              (i32.store (local.get $note) (i32.or
                (i32.shl (i32.add (local.get $at) (i32.const 1)) (i32.const 2)) (local.get $depth)))
              (local.set $note (i32.add (local.get $note) (i32.const 4)))
              (i32.store (i32.const 8) (i32.add (i32.load (i32.const 8)) (i32.const 1))))))
          (else
            (if (i32.eq (local.get $depth) (i32.const 10000))
              (then (return (call $fail (local.get $at) (i32.const -3)))))
            (local.set $depth (i32.add (local.get $depth) (i32.const 1)))
            (i32.store8 offset=0x1000 (local.get $depth) (local.get $byte))))
        (br $each_bracket)))

      (local.set $p (i32.add (local.get $p) (i32.const 64)))
      (br $blocks)))
    (i32.store (i32.const 0) (local.get $depth))
    (i32.store (i32.const 4) (i32.wrap_i64 (i64.or
      (i64.and (local.get $in_string) (i64.const 1)) (i64.shl (local.get $escaped) (i64.const 1)))))
    (i32.const -1)))
