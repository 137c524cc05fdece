package io.lockstep.gateway.session;

/**
 * Who a checkpoint is for: nobody else can go on from it.
 *
 * @param siteHigh the session's first site; 0 if it named none
 * @param siteLow the session's first site; 0 if it named none
 * @param principal whose token it was
 */
record CheckpointHolder(long siteHigh, long siteLow, String principal) {}
