/** What a download is called and what it is. */
export interface SavedFile {
  readonly name: string
  /** Media type. */
  readonly type: string
}

/** Saves a text as a file of the reader; it never leaves the browser. */
export function saveText(pieces: readonly string[], { name, type }: SavedFile): void {
  const address = URL.createObjectURL(new Blob([...pieces], { type }))
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  // The browser has begun to read it by then.
  setTimeout(() => URL.revokeObjectURL(address), 60_000)
}
