const read = Date.now.bind(Date)
let offsetMs = 0

/** The time as it is: what the histories go by, whatever the clock of the machine says. */
export function realTime(): number {
  return read()
}

/** Sets the clock of the machine, as everything in this process sees it, so far ahead or back. */
export function setMachineClock(milliseconds: number): void {
  offsetMs = milliseconds
  Date.now = () => read() + offsetMs
}
