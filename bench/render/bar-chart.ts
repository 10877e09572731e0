import { at, type Colour, svg, text } from './svg.ts'

export interface Bar {
  readonly label: string
  readonly value: number
  readonly colour: Colour
}

export interface BarChart {
  readonly title: string
  readonly bars: readonly Bar[]
  /** How a value is written at the end of its bar. */
  readonly write: (value: number) => string
}

const WIDTH = 720
const LABEL_WIDTH = 280
const VALUE_WIDTH = 80
const ROW = 24
const TOP = 32

/** Bars from a common zero, one below the other, as long as their values. */
export function barChart({ title, bars, write }: BarChart): string {
  const longest = Math.max(...bars.map(({ value }) => value))
  const room = WIDTH - LABEL_WIDTH - VALUE_WIDTH
  const rows = bars.flatMap(({ label, value, colour }, index) => {
    const [y, length] = [TOP + index * ROW, Math.max(1, (value / longest) * room)]
    return [
      text(LABEL_WIDTH - 8, y + 15, label, '', 'end'),
      `<rect x="${LABEL_WIDTH}" y="${y + 3}" width="${at(length)}" height="${ROW - 6}" rx="2" class="${colour}"/>`,
      text(LABEL_WIDTH + length + 6, y + 15, write(value), 'quiet'),
    ]
  })
  return svg(WIDTH, TOP + bars.length * ROW + 8, title, rows)
}
