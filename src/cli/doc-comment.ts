const WIDTH = 110

/** Writes a JSDoc comment, each line with the indent; nothing where there is nothing to say. */
export function docComment(text: string, tags: readonly string[], indent: string): string {
  const lines = [...linesOf(text), ...tags.flatMap(linesOf)].map(escape)
  if (lines.length === 0) return ''
  const [line] = lines
  if (lines.length === 1 && line!.length + indent.length < WIDTH) return `${indent}/** ${line} */\n`
  return `${indent}/**\n${lines.map((each) => `${indent} *${each === '' ? '' : ` ${each}`}\n`).join('')}${indent} */\n`
}

/** As the author has broken them; only what is too long is broken again. */
function linesOf(text: string): string[] {
  const trimmed = text.trim()
  return trimmed === '' ? [] : trimmed.split(/\r\n|[\r\n\u2028\u2029]/).flatMap(wrap)
}

function wrap(line: string): string[] {
  const [indent = ''] = /^\s*/.exec(line)!
  const wrapped: string[] = []
  let current = indent
  for (const word of line.trim().split(/\s+/)) {
    if (current.trim() !== '' && current.length + 1 + word.length > WIDTH) {
      wrapped.push(current)
      current = indent
    }
    current += current === indent ? word : ` ${word}`
  }
  return [...wrapped, current.trimEnd()]
}

/** What would end the comment does not. */
function escape(line: string): string {
  return line.replaceAll('*/', String.raw`*\/`)
}
