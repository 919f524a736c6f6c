// Certifies what a classifier says of new embeddings, and names the labels that the least certain of them hang on.
//
//   dotnet run -c Release --project samples/CertifyEmbeddings -- train.npy train-labels.csv new.npy
//
// A .npy of embeddings has a row for each example, as numpy.save(file, array) or samples/embed-images write it.
// Labels are a .csv with one column, or a .npy.
// The network that made the embeddings must not have been trained on the labels that are defended.
using CertiFlip;
using CertiFlip.Data;
using CertiFlip.Heads;

if (args.Length != 3)
{
    Console.Error.WriteLine("usage: CertifyEmbeddings TRAIN.npy LABELS NEW.npy");
    return 2;
}

try
{
    Dataset train = DatasetReader.Read(args[0]).WithLabels(LabelReader.Read(args[1]), args[1]);
    FeatureMatrix newRows = DatasetReader.Read(args[2]).Features;
    LabelEncoding encoding = LabelEncoding.FromTrainingLabels(train);
    var labels = new ClassLabels(encoding.Encode(train), encoding.Classes.Count);
    RidgeHead head = RidgeHead.Fit(train.Features, new RelativeRidge(1));
    var certifier = new Certifier(
        head, labels, new Noise(0.1, labels.ClassCount), new CertifierOptions { Certificates = [CertificateKind.Exact] });

    Certificate[] exact = [.. certifier.CertifyBatch(newRows).Select(row => row[CertificateKind.Exact])];
    int[] radii = [.. exact.Select(certificate => certificate.Radius).Order()];
    Console.WriteLine(
        $"{train.Features.Rows} training embeddings of {train.Features.Columns} numbers, {labels.ClassCount} classes; "
        + $"{newRows.Rows} new ones");
    Console.WriteLine($"half of them survive any {radii[radii.Length / 2]} wrong labels, nine in ten any {radii[radii.Length / 10]}");
    foreach ((int row, Certificate certificate) in exact.Index().OrderBy(entry => entry.Item.Radius).Take(3))
    {
        Console.Write($"row {row}: {encoding.Classes[certificate.Prediction]}, survives {certificate.Radius}");
        if (certifier.TryFindWitness(newRows.Row(row), out Witness? witness))
        {
            IEnumerable<string> flips = witness.Flips.Select(flip => $"training row {flip.Row} to {encoding.Classes[flip.To]}");
            Console.WriteLine($"; {encoding.Classes[witness.Rival]} if labels change so: {string.Join(", ", flips)}");
        }
        else
        {
            Console.WriteLine("; no labels change it");
        }
    }

    return 0;
}
catch (Exception exception) when (exception is DataException or HeadException)
{
    Console.Error.WriteLine(exception.Message);
    return 1;
}
