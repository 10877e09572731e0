const ANY = /^$/

/** A text that was put together of two keeps both, besides itself, until a regular expression has looked at it. */
export function flatString(text: string): string {
  ANY.test(text)
  return text
}
