import { getManyValues, isMany, none } from 'stream-chain/defs.js'
import { Assembler } from 'stream-json/core/assembler.js'
import { jsonParser, type Token } from 'stream-json/core/parser.js'
import { DecodeError, KubeflumeError } from '../../api/errors.ts'
import type { ListMetadata, WireObject } from '../../api/wire-object.ts'
import { allocateOwn } from '../byte-arena.ts'
import type { ListDecoder } from '../decoder.ts'
import type { JsonListOptions } from './list-decoder.ts'
import { createItem, createSkipped, wholeSource } from './item.ts'

/** A value that a single token is; numbers come as their text. */
const SCALARS: { readonly [token: string]: (value: unknown) => unknown } = {
  stringValue: (value) => value,
  numberValue: Number,
  trueValue: () => true,
  falseValue: () => false,
  nullValue: () => null,
}

/**
 * The reference decoder: stream-json's tokens, assembled into items. It shares no scanning with
 * {@link JsonListDecoder}, so that the two can be held against each other. It parses every item in
 * full and is several times slower; an item's bytes are its text written anew.
 */
export class TokenListDecoder<T> implements ListDecoder<T> {
  readonly totalBytes = undefined
  readonly #options: JsonListOptions
  readonly #text = new TextDecoder('utf-8', { ignoreBOM: true })
  readonly #parse = jsonParser({ packValues: true, streamValues: false })
  readonly #assembler = new Assembler()
  #place: 'before' | 'in list' | 'in items' | 'after' = 'before'
  #key = ''
  #bytesRead = 0
  #items: WireObject<T>[] = []
  #failure: unknown

  constructor(options: JsonListOptions) {
    this.#options = options
  }

  get head(): ListMetadata | undefined {
    return this.#options.head.metadata
  }

  get bytesRead(): number {
    return this.#bytesRead
  }

  push(chunk: Uint8Array): readonly WireObject<T>[] {
    if (this.#failure !== undefined) throw this.#failure
    const items: WireObject<T>[] = []
    this.#items = items
    this.#attempt(() => this.#read(this.#text.decode(chunk, { stream: true })))
    this.#bytesRead += chunk.length
    if (this.#failure !== undefined && items.length === 0) throw this.#failure
    this.#items = [] // what was handed out is not held
    return items
  }

  end(): ListMetadata {
    this.#attempt(() => {
      this.#read(this.#text.decode())
      this.#read(none)
    })
    if (this.#failure !== undefined) throw this.#failure
    if (this.#place === 'after') return this.#options.head.end()
    throw new DecodeError('ERR_DECODE_TRUNCATED', 'the body ended inside the list', { offset: this.#bytesRead })
  }

  #attempt(read: () => void): void {
    if (this.#failure !== undefined) return
    try {
      read()
    } catch (error) {
      // stream-json's messages quote the text, which may be a Secret's
      this.#failure =
        error instanceof KubeflumeError
          ? error
          : new DecodeError('ERR_DECODE_SYNTAX', 'the body is no valid JSON', { offset: this.#bytesRead })
    }
  }

  #read(text: string | typeof none): void {
    const output: unknown = this.#parse(text as string)
    if (output === none) return
    const tokens = isMany(output) ? getManyValues(output) : [output]
    for (const token of tokens) this.#take(token as Token)
  }

  #take(token: Token): void {
    if (!this.#assembler.done) {
      this.#assemble(token)
      return
    }
    switch (this.#place) {
      case 'before':
        if (token.name !== 'startObject') throw this.#syntaxError('expected a JSON object')
        this.#place = 'in list'
        return
      case 'in list':
        return this.#takeMember(token)
      case 'in items':
        return this.#takeItem(token)
      case 'after':
        throw this.#syntaxError('something follows the list')
      default:
        return this.#place satisfies never
    }
  }

  #takeMember(token: Token): void {
    if (token.name === 'keyValue') {
      this.#key = token.value
    } else if (token.name === 'endObject') {
      this.#place = 'after'
    } else if (this.#key === 'items' && token.name === 'startArray') {
      this.#options.head.beginItems()
      this.#place = 'in items'
    } else {
      this.#takeValue(token)
    }
  }

  #takeItem(token: Token): void {
    if (token.name === 'endArray') this.#place = 'in list'
    else if (token.name === 'startObject') this.#assemble(token)
    else throw this.#syntaxError('expected an item')
  }

  #takeValue(token: Token): void {
    const scalar = SCALARS[token.name]
    if (scalar === undefined) this.#assemble(token)
    else this.#finish(scalar('value' in token ? token.value : undefined))
  }

  #assemble(token: Token): void {
    const handlers = this.#assembler as unknown as { [name: string]: ((value: unknown) => void) | undefined }
    handlers[token.name]?.call(this.#assembler, 'value' in token ? token.value : undefined)
    if (this.#assembler.done) this.#finish(this.#assembler.current)
  }

  #finish(value: unknown): void {
    const { head, maxItemBytes, omit } = this.#options
    if (this.#place === 'in list') {
      head.set(this.#key, value, this.#bytesRead)
      return
    }
    const source = wholeSource(Buffer.from(JSON.stringify(value)))
    this.#items.push(
      source.end > maxItemBytes
        ? createSkipped<T>(source, maxItemBytes)
        : createItem<T>(source, head.typeMeta, omit, allocateOwn),
    )
  }

  #syntaxError(message: string): DecodeError {
    return new DecodeError('ERR_DECODE_SYNTAX', message, { offset: this.#bytesRead })
  }
}
