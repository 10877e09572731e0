import { at, type Colour, svg, text } from './svg.ts'

export interface Line {
  readonly label: string
  readonly colour: Colour
  readonly points: readonly (readonly [x: number, y: number])[]
}

export interface LineChart {
  readonly title: string
  readonly lines: readonly Line[]
  readonly writeX: (value: number) => string
  readonly writeY: (value: number) => string
}

const WIDTH = 720
const HEIGHT = 340
const PLOT = { left: 70, right: 550, top: 36, bottom: 300 } as const

/** Lines on two logarithmic scales: what grows evenly is a straight line. */
export function lineChart({ title, lines, writeX, writeY }: LineChart): string {
  const points = lines.flatMap((line) => line.points)
  const scaleX = scale(
    points.map(([x]) => x),
    PLOT.left,
    PLOT.right,
  )
  const scaleY = scale(
    points.map(([, y]) => y),
    PLOT.bottom,
    PLOT.top,
  )
  const grid = [
    ...scaleX.ticks.flatMap((value) => [vertical(scaleX.place(value)), tickX(scaleX.place(value), writeX(value))]),
    ...scaleY.ticks.flatMap((value) => [horizontal(scaleY.place(value)), tickY(scaleY.place(value), writeY(value))]),
  ]
  const labels = apart(lines.map((line) => scaleY.place(line.points.at(-1)![1])))
  const drawn = lines.flatMap(({ label, colour, points: own }, index) => {
    const places = own.map(([x, y]) => `${at(scaleX.place(x))},${at(scaleY.place(y))}`)
    const dots = places
      .map((place) => place.split(','))
      .map(([x, y]) => `<circle cx="${x}" cy="${y}" r="3" class="${colour}"/>`)
    const end = scaleX.place(own.at(-1)![0])
    return [
      `<polyline points="${places.join(' ')}" class="line ${colour}" style="fill:none"/>`,
      ...dots,
      text(end + 8, labels[index]! + 4, label),
    ]
  })
  return svg(WIDTH, HEIGHT, title, [...grid, ...drawn])
}

interface Scale {
  readonly ticks: readonly number[]
  place(value: number): number
}

/** Whole powers of ten around the values. */
function scale(values: readonly number[], from: number, to: number): Scale {
  const low = Math.floor(Math.log10(Math.min(...values)))
  const high = Math.ceil(Math.log10(Math.max(...values)))
  return {
    ticks: Array.from({ length: high - low + 1 }, (_, index) => 10 ** (low + index)),
    place: (value) => from + ((Math.log10(value) - low) / (high - low || 1)) * (to - from),
  }
}

/** Moves labels that would lie upon one another. */
function apart(places: readonly number[]): number[] {
  const moved = [...places]
  const order = places.map((_, index) => index).toSorted((a, b) => places[a]! - places[b]!)
  for (const [position, index] of order.entries()) {
    const above = order[position - 1]
    if (above !== undefined) moved[index] = Math.max(moved[index]!, moved[above]! + LABEL_HEIGHT)
  }
  return moved
}

const LABEL_HEIGHT = 15

function vertical(x: number): string {
  return `<line x1="${at(x)}" y1="${PLOT.top}" x2="${at(x)}" y2="${PLOT.bottom}" class="axis"/>`
}

function horizontal(y: number): string {
  return `<line x1="${PLOT.left}" y1="${at(y)}" x2="${PLOT.right}" y2="${at(y)}" class="axis"/>`
}

function tickX(x: number, label: string): string {
  return text(x, PLOT.bottom + 18, label, 'quiet', 'middle')
}

function tickY(y: number, label: string): string {
  return text(PLOT.left - 8, y + 4, label, 'quiet', 'end')
}
