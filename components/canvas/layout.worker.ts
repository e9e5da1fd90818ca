/** The layout runs beside the page: elk listens for messages in a worker by itself. */
import "elkjs/lib/elk-worker.min.js";
