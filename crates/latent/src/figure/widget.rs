//! Figures that live in the browser: they go on working when the kernel has gone.
//!
//! ```text
//! <div> <img: a still, all that is left where scripts are not allowed> <script: the live thing> </div>
//! ```
//!
//! The script carries its data, packed with zlib and written as base64, and asks for nothing from
//! elsewhere. All notebooks of a JupyterLab tab share one `window`, so it leaves nothing there: it
//! is one function, which finds its still as the element before itself.

use super::picture::Picture;
use super::show::show;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::Value;
use std::fmt;

/// JavaScript that all widgets share.
const SHARED: &str = include_str!("js/widget.js");

/// A figure that answers to pointer, touch and keyboard, as the last value of a cell.
///
/// Its forms: HTML with a script, a still picture, and text. Where scripts are not allowed, in a
/// notebook that somebody else ran, say, the still is what shows.
///
/// ```
/// use latent::prelude::*;
/// # let data = Dataset::new(Array2::from_shape_fn((30, 4), |(i, j)| ((i * (j + 2)) % 7) as f32 / 7.0),
/// #     Array1::from_shape_fn(30, |i| i % 3))?;
/// # let autoencoder = Autoencoder::new(&[4, 8, 2], Activation::Tanh, 1)?;
/// let widget = figure::explorer(&autoencoder, &data)?;
/// assert_eq!(widget.alt(), widget.still().alt());
/// println!("{widget}"); // the text form
/// # Ok::<(), latent::Error>(())
/// ```
#[derive(Clone, PartialEq)]
pub struct Widget {
    still: Picture,
    script: String,
    text: String,
}

impl Widget {
    /// From the still, the scripts and the name of the function in them that gets the still's
    /// element and the data.
    pub(super) fn new(
        still: Picture,
        (function, scripts): (&str, &[&str]),
        data: &Value,
        text: String,
    ) -> Self {
        let scripts = scripts.join("\n");
        let script = format!(
            "(() => {{\n\"use strict\";\nconst still = document.currentScript.previousElementSibling;\n\
             {SHARED}\n{scripts}\n{function}(still, {data});\n}})();"
        );
        Self {
            still,
            script,
            text,
        }
    }

    /// The still and the script, to be put in a page.
    ///
    /// ```
    /// use latent::prelude::*;
    /// # let data = Dataset::new(Array2::from_shape_fn((30, 4), |(i, j)| ((i * (j + 2)) % 7) as f32 / 7.0),
    /// #     Array1::from_shape_fn(30, |i| i % 3))?;
    /// # let autoencoder = Autoencoder::new(&[4, 8, 2], Activation::Tanh, 1)?;
    /// let widget = figure::explorer(&autoencoder, &data)?;
    /// assert!(widget.to_html().starts_with("<div><img src=\"data:image/png;base64,"));
    /// # Ok::<(), latent::Error>(())
    /// ```
    pub fn to_html(&self) -> String {
        format!(
            "<div><img src=\"data:image/png;base64,{}\" alt=\"{}\" style=\"max-width: 100%\"><script>\n{}\n</script></div>",
            BASE64_STANDARD.encode(self.still.png()),
            self.alt()
                .replace('&', "&amp;")
                .replace('"', "&quot;")
                .replace('<', "&lt;"),
            self.script
        )
    }

    /// What the still shows, in words.
    pub fn alt(&self) -> &str {
        self.still.alt()
    }

    /// What is shown where scripts are not allowed.
    pub fn still(&self) -> &Picture {
        &self.still
    }

    /// Shows the widget; the kernel calls this for the last value of a cell.
    pub fn evcxr_display(&self) {
        show(&[
            ("text/html", self.to_html()),
            ("image/png", BASE64_STANDARD.encode(self.still.png())),
            ("text/plain", self.to_string()),
        ]);
    }
}

/// The text form: what there is to see and to do, in words.
impl fmt::Display for Widget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for Widget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::super::picture::Canvas;
    use super::*;
    use crate::pack::pack;
    use flate2::read::ZlibDecoder;
    use std::io::Read;

    #[test]
    fn what_is_packed_can_be_unpacked() {
        let bytes: Vec<u8> = (0..10_000_u32).map(|i| (i * i / 7) as u8).collect();
        for bytes in [&bytes[..], &[]] {
            let packed = BASE64_STANDARD.decode(pack(bytes)).unwrap();
            let mut found = Vec::new();
            ZlibDecoder::new(&packed[..])
                .read_to_end(&mut found)
                .unwrap();
            assert_eq!(found, bytes);
        }
    }

    #[test]
    fn the_still_comes_first_and_its_words_cannot_end_the_tag() {
        let still = Canvas::new(2, 2).into_picture("a \"map\" <b> & more".to_owned());
        let data = serde_json::json!({"a": 1});
        let widget = Widget::new(still, ("show", &["// parts"]), &data, "text".to_owned());
        let html = widget.to_html();
        let (image, script) = html.split_once("<script>").unwrap();
        assert!(image.contains("alt=\"a &quot;map&quot; &lt;b> &amp; more\""));
        assert!(script.contains("show(still, {\"a\":1});"));
        assert_eq!(script.matches("</script>").count(), 1);
        assert_eq!(widget.to_string(), "text");
    }

    #[test]
    fn scripts_cannot_end_their_tag_early_and_ask_for_nothing() {
        for script in [
            SHARED,
            include_str!("js/network.js"),
            include_str!("js/plane.js"),
            include_str!("js/explorer.js"),
        ] {
            assert!(!script.contains("</"));
            assert!(!script.contains("fetch(") && !script.contains("import"));
            assert!(!script.contains("window."));
        }
    }
}
