//! The envelope of SNS: from which topic, and the signature over it.

use ring::signature::{
    RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey,
    VerificationAlgorithm,
};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;
use serde::Deserialize;
use url::Url;

use super::notice;
use crate::mail::inbound::Inbound;
use crate::mail::inbound::clues::Ours;
use crate::mail::inbound::webhook::check::key_of_certificate;
use crate::mail::inbound::webhook::{Refusal, der_of_base64};

/// An envelope whose signature is not checked yet.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Envelope {
    r#type: String,
    message_id: String,
    topic_arn: String,
    message: String,
    timestamp: String,
    signature_version: String,
    signature: String,
    #[serde(rename = "SigningCertURL")]
    signing_cert_url: String,
    subject: Option<String>,
    token: Option<String>,
    #[serde(rename = "SubscribeURL")]
    subscribe_url: Option<String>,
}

/// What a call whose signature holds says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// What became of mails.
    Events(Vec<Inbound>),
    /// The topic asks whether we want to hear from it: fetching this address says yes.
    Confirm(Url),
}

impl Envelope {
    /// Reads an envelope of the topic with this ARN.
    ///
    /// # Errors
    /// [`Refusal`]; an envelope of another topic counts as forged.
    pub fn read(body: &[u8], topic: Option<&str>) -> Result<Self, Refusal> {
        let topic = topic.ok_or(Refusal::NotConfigured)?;
        let envelope: Self = serde_json::from_slice(body).map_err(|_| Refusal::Malformed)?;
        if envelope.topic_arn != topic {
            return Err(Refusal::Forged);
        }
        Ok(envelope)
    }

    /// Where the certificate lies with which it is signed: on a host of SNS, or nowhere.
    ///
    /// # Errors
    /// [`Refusal::Forged`] for any other place.
    pub fn certificate(&self) -> Result<Url, Refusal> {
        of_sns(&self.signing_cert_url)
            .filter(|url| url.path().ends_with(".pem"))
            .ok_or(Refusal::Forged)
    }

    /// Checks the signature with the certificate, as PEM, and reads what is signed.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn verify(&self, certificate: &[u8], ours: &Ours) -> Result<Told, Refusal> {
        let algorithm: &dyn VerificationAlgorithm = match self.signature_version.as_str() {
            "1" => &RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY,
            "2" => &RSA_PKCS1_2048_8192_SHA256,
            _ => return Err(Refusal::Forged),
        };
        let certificate =
            CertificateDer::from_pem_slice(certificate).map_err(|_| Refusal::Forged)?;
        let key = key_of_certificate(&certificate).ok_or(Refusal::Forged)?;
        let signature = der_of_base64(&self.signature).ok_or(Refusal::Forged)?;
        let signed = self.signed().ok_or(Refusal::Forged)?;
        UnparsedPublicKey::new(algorithm, key)
            .verify(signed.as_bytes(), &signature)
            .map_err(|_| Refusal::Forged)?;
        match (self.r#type.as_str(), &self.subscribe_url) {
            ("SubscriptionConfirmation", Some(url)) => {
                of_sns(url).map(Told::Confirm).ok_or(Refusal::Forged)
            }
            ("Notification", _) => {
                notice::read(&self.message, &self.message_id, ours).map(Told::Events)
            }
            _ => Ok(Told::Events(Vec::new())),
        }
    }

    /// What is signed: names and values in the order of the names, each on a line of its own. Only
    /// what this type of envelope has.
    fn signed(&self) -> Option<String> {
        let subject = self.subject.as_deref();
        let mut parts = vec![("Message", self.message.as_str()), ("MessageId", &self.message_id)];
        match self.r#type.as_str() {
            "Notification" => parts.extend(subject.map(|subject| ("Subject", subject))),
            "SubscriptionConfirmation" | "UnsubscribeConfirmation" => {
                parts.push(("SubscribeURL", self.subscribe_url.as_deref()?));
            }
            _ => return None,
        }
        parts.push(("Timestamp", &self.timestamp));
        if self.r#type != "Notification" {
            parts.push(("Token", self.token.as_deref()?));
        }
        parts.extend([("TopicArn", self.topic_arn.as_str()), ("Type", &self.r#type)]);
        Some(parts.iter().map(|(name, value)| format!("{name}\n{value}\n")).collect())
    }
}

/// A URL of SNS itself: `https://sns.REGION.amazonaws.com/…`, nothing else before the path.
fn of_sns(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let host = url.host_str()?;
    let region = host
        .strip_prefix("sns.")?
        .strip_suffix(".amazonaws.com")
        .or_else(|| host.strip_prefix("sns.")?.strip_suffix(".amazonaws.com.cn"))?;
    let is_region = !region.is_empty()
        && region.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    let is_plain = url.scheme() == "https"
        && url.port().is_none()
        && url.username().is_empty()
        && url.password().is_none();
    (is_region && is_plain).then_some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_hosts_of_sns_are_asked_for_anything() {
        for good in [
            "https://sns.eu-central-1.amazonaws.com/SimpleNotificationService-1.pem",
            "https://sns.cn-north-1.amazonaws.com.cn/x.pem",
        ] {
            assert!(of_sns(good).is_some(), "{good}");
        }
        for bad in [
            "http://sns.eu-central-1.amazonaws.com/x.pem",
            "https://sns.eu-central-1.amazonaws.com:8443/x.pem",
            "https://user@sns.eu-central-1.amazonaws.com/x.pem",
            "https://sns.eu-central-1.amazonaws.com.attacker.example/x.pem",
            "https://attacker.example/sns.eu-central-1.amazonaws.com/x.pem",
            "https://sns.a.b.amazonaws.com/x.pem",
            "https://sns..amazonaws.com/x.pem",
            "https://s3.amazonaws.com/x.pem",
            "https://attacker.example#.amazonaws.com/x.pem",
            "file:///etc/passwd",
            "",
        ] {
            assert_eq!(of_sns(bad), None, "{bad}");
        }
    }
}
