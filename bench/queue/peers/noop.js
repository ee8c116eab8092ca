/** The whole of a BullMQ job, and of a Piscina one. */
export default async () => {};
