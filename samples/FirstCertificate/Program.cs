using CertiFlip;
using CertiFlip.Data;
using CertiFlip.Heads;

Dataset train = DatasetReader.Read(args[0]), test = DatasetReader.Read(args[1]);
LabelEncoding encoding = LabelEncoding.FromTrainingLabels(train);
ClassList classes = encoding.Classes;

RidgeHead head = RidgeHead.Fit(train.Features, new RelativeRidge(1));  // Sees features, never labels.
var labels = new ClassLabels(encoding.Encode(train), classes.Count);   // Any of these may be wrong.
var certifier = new Certifier(head, labels, new Noise(0.1, classes.Count));

RowCertificates row = certifier.Certify(test.Features.Row(3));
Console.WriteLine($"predicted {classes[row.Prediction]}, noisy vote fails with probability at most e^{row.LogFailure:F2}");
foreach (Certificate certificate in row.Certificates)
    Console.WriteLine($"{certificate.Kind}: any {certificate.Radius} wrong labels leave it as it is");
if (certifier.TryFindWitness(test.Features.Row(3), out Witness? witness))
    Console.WriteLine($"these {witness.Flips.Count} would change it: training rows {string.Join(", ", witness.Flips.Select(flip => flip.Row))}");

IReadOnlyList<RowCertificates> batch = certifier.CertifyBatch(test.Features);
CertifiedAccuracy accuracy = CertifiedAccuracy.Of(CertificateKind.Exact, batch, encoding.Encode(test));
Console.WriteLine($"{100 * accuracy.At(5):F1} % of {batch.Count} rows are right and survive any 5 wrong labels");
