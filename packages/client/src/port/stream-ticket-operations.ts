import type { StreamTicket, StreamTicketRequest } from '../resources/stream-tickets.ts'

/** Tickets for streams of browsers, which send no header with them. */
export interface StreamTicketOperations {
  /**
   * Makes a ticket that opens one stream of the caller, once, within 30 s.
   *
   * @throws GovernanceError `INPUT_INVALID`, `PERMISSION_DENIED`.
   */
  create(request: StreamTicketRequest): Promise<StreamTicket>
}
