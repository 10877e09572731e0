/**
 * A text with what stands between `<!-- bench:NAME -->` and `<!-- /bench -->` replaced by the block of that name.
 *
 * @throws Error for a name that no block has, and for a block without an end
 */
export function fillMarked(text: string, blocks: { readonly [name: string]: () => string }): string {
  const parts = text.split(/(<!-- bench:[\w-]+ -->)/)
  return parts
    .map((part, index) => {
      if (index === 0 || index % 2 === 1) return part
      const name = /bench:([\w-]+)/.exec(parts[index - 1]!)![1]!
      const end = part.indexOf(END)
      const block = blocks[name]
      if (block === undefined) throw new Error(`there is no block named ${name}`)
      if (end < 0) throw new Error(`the block ${name} has no end`)
      return `\n\n${block()}\n\n${part.slice(end)}`
    })
    .join('')
}

const END = '<!-- /bench -->'
