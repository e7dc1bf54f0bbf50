/** When simulated time begins. Random workflows name moments around it. Epoch milliseconds. */
export const simulationStart = Date.UTC(2026, 10, 21);
