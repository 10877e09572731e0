export type Plain = { [key: string]: unknown }
export type Shape = new () => Plain

/**
 * A constructor of plain objects, with `Object.prototype` as their prototype, that V8 makes with room for
 * `properties` properties. `{}` has room for four and keeps the others in an array that grows by three at a
 * time: filling a pod's 65 objects so took five times as long. V8 goes by the assignments to `this` in the
 * source, whether they run or not, and after the first few objects takes back what they did not need.
 */
export function shape(properties: number): Shape {
  const constructor = properties <= 8 ? small() : properties <= 24 ? medium() : large()
  constructor.prototype = Object.prototype
  return constructor as unknown as Shape
}

type Constructor = (this: Plain) => void
const NEVER: boolean = false

function small(): Constructor {
  return function Object(this: Plain): void {
    if (!NEVER) return
    this.p0 = this.p1 = this.p2 = this.p3 = this.p4 = this.p5 = this.p6 = this.p7 = 0
  }
}

function medium(): Constructor {
  return function Object(this: Plain): void {
    if (!NEVER) return
    this.p0 = this.p1 = this.p2 = this.p3 = this.p4 = this.p5 = this.p6 = this.p7 = 0
    this.p8 = this.p9 = this.p10 = this.p11 = this.p12 = this.p13 = this.p14 = this.p15 = 0
    this.p16 = this.p17 = this.p18 = this.p19 = this.p20 = this.p21 = this.p22 = this.p23 = 0
  }
}

function large(): Constructor {
  return function Object(this: Plain): void {
    if (!NEVER) return
    this.p0 = this.p1 = this.p2 = this.p3 = this.p4 = this.p5 = this.p6 = this.p7 = 0
    this.p8 = this.p9 = this.p10 = this.p11 = this.p12 = this.p13 = this.p14 = this.p15 = 0
    this.p16 = this.p17 = this.p18 = this.p19 = this.p20 = this.p21 = this.p22 = this.p23 = 0
    this.p24 = this.p25 = this.p26 = this.p27 = this.p28 = this.p29 = this.p30 = this.p31 = 0
    this.p32 = this.p33 = this.p34 = this.p35 = this.p36 = this.p37 = this.p38 = this.p39 = 0
    this.p40 = this.p41 = this.p42 = this.p43 = this.p44 = this.p45 = this.p46 = this.p47 = 0
  }
}
