/** What a ticket is to open. */
export interface StreamTicketRequest {
  /** Path of the stream below the address of the API, without a query, such as `/events` or `/ws`. */
  readonly path: string
}

/** Opens one stream, once, in the place of a header: `?ticket=`. */
export interface StreamTicket {
  readonly ticket: string
  readonly path: string
  /** ISO 8601; 30 s after it was made. */
  readonly expiresAt: string
}
