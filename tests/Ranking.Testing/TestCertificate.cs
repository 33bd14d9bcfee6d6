using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Ranking.Testing;

/// <summary>A certificate for localhost and 127.0.0.1, signed by itself, as PEM files.</summary>
public sealed class TestCertificate
{
    /// <summary>Makes a certificate and its key in a folder.</summary>
    public TestCertificate(string folder)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        CertificatePath = Path.Combine(folder, "certificate.pem");
        KeyPath = Path.Combine(folder, "key.pem");
        ServerPath = Path.Combine(folder, "server.pem");
        File.WriteAllText(CertificatePath, certificate.ExportCertificatePem());
        File.WriteAllText(KeyPath, key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(ServerPath, key.ExportPkcs8PrivateKeyPem() + "\n" + certificate.ExportCertificatePem());
    }

    /// <summary>The certificate; also the authority that a client has to trust.</summary>
    public string CertificatePath { get; }

    /// <summary>The private key.</summary>
    public string KeyPath { get; }

    /// <summary>Key and certificate in one file, as Kafka takes them.</summary>
    public string ServerPath { get; }
}
