/**
 * The form of a name of a deployment, a service or a site. `constructor` is refused, because every JavaScript object
 * inherits a property of that name.
 */
export const nameForm = /^(?!constructor$)[a-z][a-z0-9-]{0,30}$/;
