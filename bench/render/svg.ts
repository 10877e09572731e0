/** Colours that can be read on white and on black; what is kubeflume's is the strongest. */
const STYLE = `<style>
text { font: 12px system-ui, sans-serif; fill: #24292f }
.title { font-weight: 600; font-size: 14px }
.quiet { fill: #57606a }
.axis { stroke: #d0d7de; stroke-width: 1 }
.own { fill: #0969da; stroke: #0969da }
.own2 { fill: #54aeff; stroke: #54aeff }
.other { fill: #8c959f; stroke: #8c959f }
.other2 { fill: #bf8700; stroke: #bf8700 }
.line { fill: none; stroke-width: 2 }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 }
  .quiet { fill: #8d96a0 }
  .axis { stroke: #30363d }
  .own { fill: #4493f8; stroke: #4493f8 }
  .own2 { fill: #1f6feb; stroke: #1f6feb }
}
</style>`

export type Colour = 'own' | 'own2' | 'other' | 'other2'

/** A picture of so many pixels, described for those who cannot see it. */
export function svg(width: number, height: number, title: string, content: readonly string[]): string {
  const head = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escape(title)}">`
  return `${[head, STYLE, text(0, 16, title, 'title'), ...content, '</svg>'].join('\n')}\n`
}

export function text(x: number, y: number, content: string, classes = '', anchor = 'start'): string {
  return `<text x="${at(x)}" y="${at(y)}" class="${classes}" text-anchor="${anchor}">${escape(content)}</text>`
}

/** A pixel's tenth is as fine as anyone sees. */
export function at(value: number): string {
  return String(Math.round(value * 10) / 10)
}

function escape(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}
