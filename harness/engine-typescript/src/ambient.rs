//! Clock and randomness of a call as the doors that the prelude opens to JavaScript.

use std::cell::RefCell;
use std::rc::Rc;

use parity_model::{Ambient, AmbientStreams};
use rquickjs::{Ctx, Function, Object};

/// The doors of one runtime. The streams are Rust's own, so that every language draws the same.
#[derive(Clone, Debug)]
pub(super) struct AmbientDoors(Rc<RefCell<AmbientStreams>>);

impl AmbientDoors {
    /// Doors onto the default ambient: what a module sees while it loads.
    pub(super) fn new() -> Self {
        Self(Rc::new(RefCell::new(AmbientStreams::new(&Ambient::default()))))
    }

    /// Puts the streams to the start of a call, and returns the call's time in milliseconds since 1970.
    #[expect(clippy::cast_precision_loss, reason = "the years 0 to 9999 in milliseconds fit a double exactly")]
    pub(super) fn reset(&self, ambient: &Ambient) -> f64 {
        self.0.replace(AmbientStreams::new(ambient));
        ambient.now.as_millisecond() as f64
    }

    /// The object that the prelude takes: `float`, `bytes` and `uuid`.
    pub(super) fn object<'js>(&self, ctx: &Ctx<'js>) -> rquickjs::Result<Object<'js>> {
        let object = Object::new(ctx.clone())?;
        let streams = Rc::clone(&self.0);
        object.set("float", Function::new(ctx.clone(), move || streams.borrow_mut().float())?.with_name("random")?)?;
        let streams = Rc::clone(&self.0);
        object
            .set("uuid", Function::new(ctx.clone(), move || streams.borrow_mut().uuid4())?.with_name("randomUUID")?)?;
        let streams = Rc::clone(&self.0);
        let bytes = move |count: usize| {
            let mut bytes = vec![0; count];
            streams.borrow_mut().fill_bytes(&mut bytes);
            bytes
        };
        object.set("bytes", Function::new(ctx.clone(), bytes)?)?;
        Ok(object)
    }
}
