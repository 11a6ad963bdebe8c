/** The address of a path below wherever the host mounted the dashboard. */
export const pageAddress = (path: string): URL => new URL(path, document.baseURI)
