import pg from 'pg'

/** What a statement meets: its own answer, or a fault in its place. */
export type Fault = (statement: string, answer: () => Promise<pg.QueryResult>) => Promise<pg.QueryResult>

/** A real pool whose statements can be made to fail. */
export interface FaultyPool {
  readonly pool: pg.Pool
  /** What every statement meets from now on; undefined ends the fault. */
  meet(fault: Fault | undefined): void
  /** What asking for a connection meets from now on. */
  meetConnect(fault: (() => Promise<never>) | undefined): void
}

const never = <T>(): Promise<T> => new Promise<T>(() => undefined)

/** A statement that is never answered. */
export const hangs: Fault = () => never()

/** A statement that fails as a broken connection does. */
export const throws: Fault = () => Promise.reject(Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }))

/** Makes a fault of the statements that hold a text. */
export function only(text: string, fault: Fault): Fault {
  return (statement, answer) => (statement.includes(text) ? fault(statement, answer) : answer())
}

/** Makes a fault that changes the facts of agents on their way. */
export function damages(change: (row: Record<string, unknown>) => void): Fault {
  return only('m.confidence', async (_, answer) => {
    const result = await answer()
    for (const row of result.rows) change(row)
    return result
  })
}

/** Opens a pool on a server, between which faults can come. */
export function createFaultyPool(connectionString: string): FaultyPool {
  let fault: Fault | undefined
  let connectFault: (() => Promise<never>) | undefined
  class FaultyClient extends pg.Client {
    // The driver has many signatures; every caller here uses promises.
    override query(...input: never[]): never {
      const send = (): Promise<pg.QueryResult> => Reflect.apply(super.query, this, input)
      const [first] = input as unknown[]
      const text = typeof first === 'string' ? first : String(Reflect.get(Object(first), 'text'))
      return (fault === undefined ? send() : fault(text, send)) as never
    }
  }
  class FaultyPoolOfClients extends pg.Pool {
    override connect(...input: never[]): never {
      if (connectFault !== undefined) return connectFault() as never
      return Reflect.apply(super.connect, this, input) as never
    }
  }
  const pool = new FaultyPoolOfClients({ connectionString, max: 6, Client: FaultyClient })
  pool.on('error', () => undefined)
  return {
    pool,
    meet: (next) => {
      fault = next
    },
    meetConnect: (next) => {
      connectFault = next
    },
  }
}
